// The real Claude Code at the gate: that a call it stops does not run, and that a gate which fails in any way stops its calls.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClaudeWorld, isRealClaudeMissing } from "../claude-world.ts";
import type { SessionGate } from "../write-session-files.ts";

const shim = fileURLToPath(new URL("./gate-shim.ts", import.meta.url));

let world: ClaudeWorld;
let precious: string;

describe.skipIf(isRealClaudeMissing)(
  "the real Claude Code at the gate",
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      world = await ClaudeWorld.open();
      precious = join(world.folder, "precious.txt");
    }, 60_000);
    beforeEach(() => writeFileSync(precious, "of others"));
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });

    /** The script says "stopped" when the model was told `reason`, and "ran" when it was not. */
    const play = (reason: string, call: object = { bash: `rm -f '${precious}'` }) =>
      world.launch(
        [call, { when: reason, do: [{ say: "stopped" }], otherwise: [{ say: "ran" }] }],
        { allow: ["Bash(rm *)", "Bash(touch *)"] },
      );
    const outcome = async () => (await world.heard("turn-ended")).lastMessage;
    const gate = (own: Partial<SessionGate> = {}): SessionGate => ({
      shim,
      rules: {
        worktree: world.worktree,
        branch: "work",
        home: join(world.folder, "home"),
        temp: [],
        protected: [],
        patterns: [],
        except: [],
      },
      ...own,
    });
    /** A program in the shim's place. */
    const brokenShim = (code: string) => {
      const file = join(world.folder, "broken-shim.cjs");
      writeFileSync(file, code);
      return gate({ shim: file });
    };

    test("a call that no rule knows runs, and nobody is asked", async () => {
      world.setGate(gate());
      const file = join(world.worktree, "made");
      await using _run = await play("stopped", { bash: `touch '${file}'` });
      expect(await outcome()).toBe("ran");
      expect(existsSync(file)).toBe(true);
      expect(world.asks).toEqual([]);
    });

    test("a destructive one waits for a person, and their no is what the model reads", async () => {
      world.setGate(gate());
      await using _run = await play("not that one");
      const ask = await world.until(() => world.asks[0]);
      expect(ask.body).toMatchObject({
        tool_name: "Bash",
        tool_input: { command: `rm -f '${precious}'` },
        rule: "delete-outside",
        why: `This would delete ${precious}, which is outside this task's worktree.`,
      });
      ask.answer('{"decision":"deny","note":"not that one"}');
      expect(await outcome()).toBe("stopped");
      expect(existsSync(precious)).toBe(true);
    });

    test("their yes lets it run", async () => {
      world.setGate(gate());
      await using _run = await play("stopped");
      (await world.until(() => world.asks[0])).answer('{"decision":"allow"}');
      expect(await outcome()).toBe("ran");
      expect(existsSync(precious)).toBe(false);
    });

    test("a mode in which nothing is asked leaves the gate as it is", async () => {
      world.setGate(gate(), undefined, "bypassPermissions");
      const profile = join(world.folder, "profile");
      mkdirSync(profile, { recursive: true });
      // What a person's yes to the program's own warning leaves behind.
      const settings = join(profile, "settings.json");
      writeFileSync(settings, '{"skipDangerousModePermissionPrompt": true}');
      const call = { bash: `rm -f '${precious}'` };
      await using _run = await world.launch(
        [
          { bash: `touch '${join(world.folder, "unasked")}'` },
          call,
          { when: "rather not", do: [{ say: "stopped" }], otherwise: [{ say: "ran" }] },
        ],
        { permissionMode: "bypassPermissions", isModeAccepted: true },
      );
      (await world.until(() => world.asks[0])).answer('{"decision":"deny","note":"rather not"}');
      expect(await outcome()).toBe("stopped");
      expect(existsSync(join(world.folder, "unasked"))).toBe(true);
      expect(existsSync(precious)).toBe(true);
      rmSync(settings);
    });

    test.each([
      ["the worktree's own", () => world.worktree, ".claude/settings.local.json"],
      ["the repository's", () => world.worktree, ".claude/settings.json"],
      ["the profile's", () => join(world.folder, "profile"), "settings.json"],
    ])(
      "settings of %s that switch off all hooks switch off neither gate nor signals",
      async (_name, folder, file) => {
        world.setGate(gate());
        const settings = join(folder(), file);
        mkdirSync(dirname(settings), { recursive: true });
        writeFileSync(settings, '{"disableAllHooks": true}');
        try {
          await using _run = await play("not that one");
          (await world.until(() => world.asks[0])).answer(
            '{"decision":"deny","note":"not that one"}',
          );
          expect(await outcome()).toBe("stopped");
          expect(existsSync(precious)).toBe(true);
        } finally {
          rmSync(settings);
        }
      },
    );

    test("writing to files of others stops too, in every way of writing", async () => {
      world.setGate(gate());
      const path = join(world.folder, "home", ".bashrc");
      await using _run = await play("no such thing", { write: { path, content: "x" } });
      (await world.until(() => world.asks[0])).answer('{"decision":"deny","note":"no such thing"}');
      expect(await outcome()).toBe("stopped");
      expect(existsSync(path)).toBe(false);
    });

    test.each([
      ["an answer that says nothing", "{}"],
      ["an answer that is no JSON", "<html>"],
    ])("%s stops the call", async (_name, answer) => {
      world.setGate(gate());
      await using _run = await play("would delete|gate failed");
      (await world.until(() => world.asks[0])).answer(answer);
      expect(await outcome()).toBe("stopped");
      expect(existsSync(precious)).toBe(true);
    });

    test.each([
      ["a shim that is not there", () => gate({ shim: "/nowhere/gate-shim.cjs" })],
      ["a shim that is killed", () => brokenShim("process.kill(process.pid, 'SIGKILL')")],
      ["a shim that crashes", () => brokenShim("throw new Error('broken')")],
      ["a shim that ends oddly", () => brokenShim("process.exit(7)")],
    ])("%s stops every call", async (_name, broken) => {
      world.setGate(broken());
      await using _run = await play("hook|Error|blocked");
      expect(await outcome()).toBe("stopped");
      expect(existsSync(precious)).toBe(true);
    });

    test("rules that cannot be read stop every call", async () => {
      const settings = world.setGate(gate());
      writeFileSync(join(settings, "..", "gate.json"), "{ half");
      await using _run = await play("gate failed", { bash: "touch harmless" });
      expect(await outcome()).toBe("stopped");
    });

    test("a Node that is gone stops every call", async () => {
      world.setGate(gate(), "/nowhere/node");
      await using _run = await play("not found|No such file");
      expect(await outcome()).toBe("stopped");
      expect(existsSync(precious)).toBe(true);
    });

    test("a shim that hangs longer than it may stops the call", async () => {
      const settings = world.setGate(brokenShim("setInterval(() => {}, 1000)"));
      const hours = '"timeout": 86400,\n            "onFailure"';
      const written = readFileSync(settings, "utf8");
      expect(written).toContain(hours);
      writeFileSync(settings, written.replace(hours, '"timeout": 1,\n            "onFailure"'));
      await using _run = await play("hook|timed out|blocked");
      expect(await outcome()).toBe("stopped");
      expect(existsSync(precious)).toBe(true);
    });
  },
);
