import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runSetUp } from "./run-set-up.ts";

test("a set-up's log holds the command and its output as a terminal shows them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-setup-"));
  try {
    const logFile = join(folder, "s-1", "setup.log");
    const signal = new AbortController().signal;
    const env = { PATH: process.env.PATH ?? "" };
    const command = "echo grüße; exit 4";
    const result = await runSetUp(command, { cwd: folder, env, logFile, signal });
    expect(result).toMatchObject({ exitCode: 4, tail: "grüße\n" });
    expect(readFileSync(logFile, "utf8")).toBe("$ echo grüße; exit 4\r\ngrüße\r\n\r\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
