import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRunGh } from "./run-gh.ts";

test("gh gets the way to its own sign-in and no token, and asks nothing; where it is not there that is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-gh-"));
  try {
    const where = { cwd: folder, signal: new AbortController().signal };
    const nowhere = createRunGh({ PATH: folder });
    expect(await nowhere(["pr", "list"], where)).toEqual({ kind: "missing" });

    const program = join(folder, "gh");
    writeFileSync(program, '#!/bin/sh\necho "$@"\n/usr/bin/env\nexit 3\n');
    chmodSync(program, 0o755);
    const tokens = { GH_TOKEN: "secret", GITHUB_TOKEN: "secret", GH_ENTERPRISE_TOKEN: "secret" };
    const runGh = createRunGh({ PATH: folder, GH_CONFIG_DIR: "/config", ...tokens });
    const end = await runGh(["pr", "list"], where);
    if (end.kind === "missing") throw new Error("it is there");
    expect(end.exitCode).toBe(3);
    expect(end.stdout).toContain("pr list\n");
    expect(end.stdout).toContain("GH_CONFIG_DIR=/config\n");
    expect(end.stdout).toContain("GH_PROMPT_DISABLED=1\n");
    expect(end.stdout).not.toContain("secret");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
