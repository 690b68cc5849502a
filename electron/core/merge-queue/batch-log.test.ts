import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BatchLog } from "./batch-log.ts";

test("each of a batch has the run in its own log, at the same offsets during it as after it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-log-"));
  try {
    const [first, second] = [join(folder, "one.log"), join(folder, "two.log")];
    writeFileSync(first, "earlier\n");
    writeFileSync(second, "own\n");
    const log = new BatchLog();
    const run = await log.begin([first, second]);
    appendFileSync(first, "half\n");
    expect(await log.read(second, 0)).toEqual({ text: "own\n", end: 4 });
    expect(await log.read(second, 4)).toEqual({ text: "half\n", end: 9 });
    appendFileSync(first, "rest\n");
    expect(await log.read(second, 9)).toEqual({ text: "rest\n", end: 14 });
    await run[Symbol.asyncDispose]();
    expect(readFileSync(second, "utf8")).toBe("own\nhalf\nrest\n");
    expect(await log.read(second, 9)).toEqual({ text: "rest\n", end: 14 });
    expect(await log.read(join(folder, "none.log"), 3)).toEqual({ text: "", end: 3 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a log that cannot be written is told, and keeps no other of the batch from its bytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-log-"));
  try {
    const [first, broken, last] = ["one.log", "two.log", "three.log"].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    const log = new BatchLog();
    const run = await log.begin([first, broken, last]);
    appendFileSync(first, "ran\n");
    mkdirSync(broken);
    await expect(run[Symbol.asyncDispose]()).rejects.toThrow("EISDIR");
    expect(readFileSync(last, "utf8")).toBe("ran\n");
    rmSync(broken, { recursive: true });
    expect(await log.read(broken, 0)).toEqual({ text: "", end: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
