// The real Claude Code with the sandbox that our settings ask for: it confines commands, or does not start.
import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClaudeWorld, isRealClaudeMissing } from "./claude-world.ts";
import { whyNoSandbox } from "./why-no-sandbox.ts";

const hasProgram = (name: string) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() ?? false);
const lack = whyNoSandbox(process.platform, hasProgram);

const shim = fileURLToPath(new URL("./gate/gate-shim.ts", import.meta.url));

let world: ClaudeWorld;

describe.skipIf(isRealClaudeMissing)(
  "the real Claude Code in its sandbox",
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      world = await ClaudeWorld.open();
    }, 60_000);
    beforeEach(() => world.setGate(null, undefined, null, true));
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });

    test.runIf(lack !== null)(
      "where the sandbox cannot be had, the session ends before anything runs",
      async () => {
        const made = join(world.worktree, "made");
        await using run = await world.launch([{ bash: `touch '${made}'` }, { say: "ran" }]);
        const exit = Promise.withResolvers<number>();
        run.pty.onExit(({ exitCode }) => exit.resolve(exitCode));
        expect(await exit.promise).toBe(1);
        expect(world.evidence.map(({ kind }) => kind)).not.toContain("turn-started");
        expect(existsSync(made)).toBe(false);
      },
    );

    test("a commit reaches the shared git folder, a file elsewhere is not written, and hooks, tools and the gate reach the host", async ({
      skip,
    }) => {
      skip(lack !== null, lack ?? "");
      const outside = join(world.folder, "outside");
      const hook = join(world.worktree, "../../repo/.git/hooks/post-commit");
      const link = join(world.worktree, "../../repo/.git/worktrees/t-1/commondir");
      const before = readFileSync(link, "utf8");
      const rules = {
        worktree: world.worktree,
        branch: "work",
        home: join(world.folder, "home"),
        temp: [],
        protected: [],
        patterns: [{ name: "tests", pattern: "stop-here" }],
        except: [],
      };
      world.setGate({ shim, rules }, undefined, null, true);
      const commit = "git -c user.name=a -c user.email=a@example.org commit -qm inside";
      const write = `touch inside && git add inside && ${commit}`;
      await using _run = await world.launch(
        [
          { bash: write },
          // Through a script, which the gate does not read.
          {
            bash: `printf 'touch "$1" "$2"; echo /x > "$3"' > write.sh; sh write.sh '${outside}' '${hook}' '${link}'`,
          },
          { bash: "git log -1 --format=%s > told" },
          { bash: "echo stop-here" },
          { when: "not that one", do: [{ say: "stopped" }], otherwise: [{ say: "ran" }] },
        ],
        { allow: ["Bash"] },
      );
      const ask = await world.until(() => world.asks[0]);
      ask.answer('{"decision":"deny","note":"not that one"}');
      expect((await world.heard("turn-ended")).lastMessage).toBe("stopped");
      expect(readFileSync(join(world.worktree, "told"), "utf8")).toBe("inside\n");
      expect(existsSync(outside)).toBe(false);
      expect(existsSync(hook)).toBe(false);
      expect(readFileSync(link, "utf8")).toBe(before);
      expect(world.asks).toHaveLength(1);
      expect([...world.reached]).toEqual(
        expect.arrayContaining(["hook", "status-line", "mcp", "gate"]),
      );
    });
  },
);
