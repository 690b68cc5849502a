import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDetached } from "./start-detached.ts";

let folder: string;
let outputFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "detached-"));
  outputFile = join(folder, "output");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A detached process gives no event: its output is the sign. */
async function outputThatHas(text: string): Promise<string> {
  const endMs = performance.now() + 10_000;
  for (;;) {
    const output = readFileSync(outputFile, "utf8");
    if (output.includes(text)) return output;
    if (performance.now() > endMs) throw new Error(`${text} was never printed: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("starts a process in a session of its own, with this environment and nothing else", async () => {
  const script = "env; echo own session: $(cut -d' ' -f6 /proc/$$/stat) $$; echo done >&2";
  const env = { PATH: process.env.PATH ?? "", ONLY: "this" };
  await startDetached("/bin/sh", ["-c", script], { env, outputFile });
  const output = await outputThatHas("done");
  expect(output).toMatch(/own session: (\d+) \1\n/);
  const names = [...output.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect(names.filter((name) => name !== "PWD" && name !== "_").sort()).toEqual(["ONLY", "PATH"]);
});

test("says that a file cannot be run", async () => {
  await expect(
    startDetached(join(folder, "nothing"), [], { env: {}, outputFile }),
  ).rejects.toMatchObject({ code: "ENOENT" });
});
