import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { findClaude } from "../stand-in/find-claude.ts";
import { createScriptedModel } from "./create-scripted-model.ts";
import { writeMarker } from "./read-marker.ts";

const claude = findClaude();

test.skipIf(!claude.isReal)(
  "drives the real Claude Code through a script that goes by what its tools return",
  async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "with-claude-")));
    const model = createScriptedModel();
    await model.listen(0);
    try {
      const work = join(folder, "work");
      mkdirSync(work);
      const marker = writeMarker([
        { say: "I write." },
        { write: { path: "a.txt", content: "one\n" } },
        { edit: { path: "a.txt", old: "two", new: "three" } },
        { when: "not found", do: [{ write: { path: "b.txt", content: "mended\n" } }] },
        { say: "Written." },
      ]);
      const { stdout } = await runClaude(folder, work, model.url, `Do it. ${marker}`);
      expect(stdout).toContain("Written.");
      expect(readFileSync(join(work, "a.txt"), "utf8")).toBe("one\n");
      expect(readFileSync(join(work, "b.txt"), "utf8")).toBe("mended\n");
      const steps = model.calls.filter((call) => call.role === "main");
      expect(steps.map((call) => call.step)).toEqual([0, 1, 2, 3]);
      expect(new Set(steps.map((call) => call.tail))).toEqual(new Set(["tail42"]));
      expect(existsSync(join(folder, "home/.claude.json"))).toBe(false);
    } finally {
      await model.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);

function runClaude(folder: string, cwd: string, url: string, prompt: string) {
  const running = promisify(execFile)(
    claude.executable,
    ["-p", "--permission-mode", "acceptEdits", "--", prompt],
    {
      cwd,
      env: {
        PATH: process.env.PATH,
        HOME: join(folder, "home"),
        CLAUDE_CONFIG_DIR: join(folder, "profile"),
        ANTHROPIC_BASE_URL: url,
        CLAUDE_CODE_OAUTH_TOKEN: "made-up-token-tail42",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
      },
    },
  );
  running.child.stdin?.end();
  return running;
}
