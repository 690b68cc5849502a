// The real Claude Code and commands that run in build slots: that it takes the changed command, and which rules let that one run.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { shellWord } from "../../../process/own-programs.ts";
import { ClaudeWorld, isRealClaudeMissing } from "../claude-world.ts";
import { allowInSlots, locksOfSession } from "./session-locks.ts";

const shim = fileURLToPath(new URL("./gate-shim.ts", import.meta.url));

let world: ClaudeWorld;
let program: string;
let noted: string;

describe.skipIf(isRealClaudeMissing)(
  "the real Claude Code and build slots",
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      world = await ClaudeWorld.open();
      noted = join(world.folder, "noted");
      program = join(world.folder, "switchyard");
      // In the place of the command line: notes how it was called, and runs what stands behind the dashes.
      const lines = [
        "#!/bin/sh",
        `echo "$@" >> '${noted}'`,
        'while [ "$1" != -- ]; do shift; done',
        'shift; exec "$@"',
      ];
      writeFileSync(program, `${lines.join("\n")}\n`, { mode: 0o755 });
    }, 60_000);
    beforeEach(() => rmSync(noted, { force: true }));
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });

    const locks = (...patterns: readonly string[]) => {
      const commands = patterns.map((pattern) => ({ lock: "build", pattern }));
      const own = locksOfSession(commands, shellWord(program));
      if (!own) throw new Error("no patterns");
      return { shim, ...own };
    };
    const rules = () => ({
      worktree: world.worktree,
      branch: "work",
      home: join(world.folder, "home"),
      temp: [],
      protected: [],
      patterns: [],
      except: [],
    });
    const outcome = async () => (await world.heard("turn-ended")).lastMessage;
    const calls = () => (existsSync(noted) ? readFileSync(noted, "utf8").trim().split("\n") : []);

    test.each([
      ["beside the gate", true],
      ["where the gate is switched off", false],
    ])("a listed command runs in a slot %s, and nobody is asked", async (_name, isGated) => {
      const own = locks("touch");
      world.setGate(isGated ? { shim, rules: rules() } : null, undefined, null, false, own);
      const allow = ["Bash(touch *)", "Bash(cd *)"];
      const made = join(world.worktree, `made ${isGated}`);
      await using _run = await world.launch(
        [{ bash: `cd . && touch '${made}' | cat` }, { bash: "git status" }, { say: "done" }],
        {
          allow: [
            ...allow,
            "Bash(cat *)",
            "Bash(git *)",
            ...allowInSlots(allow, own, "switchyard"),
          ],
        },
      );
      expect(await outcome()).toBe("done");
      expect(existsSync(made)).toBe(true);
      expect(calls()).toEqual([`lock -- touch ${made}`]);
      expect(world.asks).toEqual([]);
    });

    test("one that nobody allowed is asked about as it will run, and the answer holds for it", async () => {
      const own = locks("touch");
      world.setGate({ shim, rules: rules() }, undefined, null, false, own);
      await using _run = await world.launch([{ bash: "touch asked" }, { say: "done" }], {
        allow: ["Bash(git *)"],
      });
      const ask = await world.until(() => world.asks[0]);
      expect(ask.body.tool_input).toMatchObject({
        command: `${shellWord(program)} lock -- touch asked`,
      });
      ask.answer(
        '{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow"}}}',
      );
      expect(await outcome()).toBe("done");
      expect(calls()).toEqual(["lock -- touch asked"]);
    });

    test("a destructive one stops at the gate first, and runs in a slot once somebody let it", async () => {
      const own = locks("rm");
      world.setGate({ shim, rules: rules() }, undefined, null, false, own);
      const precious = join(world.folder, "precious.txt");
      writeFileSync(precious, "of others");
      await using _run = await world.launch([{ bash: `rm -f '${precious}'` }, { say: "done" }]);
      (await world.until(() => world.asks[0])).answer('{"decision":"allow"}');
      expect(await outcome()).toBe("done");
      expect(existsSync(precious)).toBe(false);
      expect(calls()).toEqual([`lock -- rm -f ${precious}`]);
    });

    test("a list that cannot be read keeps no command from running", async () => {
      const settings = world.setGate(
        { shim, rules: rules() },
        undefined,
        null,
        false,
        locks("touch"),
      );
      writeFileSync(join(settings, "..", "locks.json"), "{ half");
      const allow = ["Bash(touch *)"];
      await using _run = await world.launch([{ bash: "touch plain" }, { say: "done" }], { allow });
      expect(await outcome()).toBe("done");
      expect(existsSync(join(world.worktree, "plain"))).toBe(true);
      expect(calls()).toEqual([]);
    });

    test("one that waits longer than the program lets it goes on in the background and ends well", async () => {
      world.setGate(null, undefined, null, false, locks("sh"));
      const made = join(world.worktree, "late");
      const allow = ["Bash(sh *)"];
      const own = locks("sh");
      await using _run = await world.launch(
        [{ bash: `sh -c 'until test -e go; do sleep 0.1; done; touch late'` }, { say: "done" }],
        { allow: [...allow, ...allowInSlots(allow, own, "switchyard")] },
        { BASH_MAX_TIMEOUT_MS: "1000", BASH_DEFAULT_TIMEOUT_MS: "1000" },
      );
      // Its turn goes on while the command is still held up.
      expect(await outcome()).toBe("done");
      expect(existsSync(made)).toBe(false);
      writeFileSync(join(world.worktree, "go"), "");
      await expect.poll(() => existsSync(made), { timeout: 20_000 }).toBe(true);
    });
  },
);
