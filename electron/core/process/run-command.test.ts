import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CommandOptions, runCommand } from "./run-command.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "run-command-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = (command: string, more: Partial<CommandOptions> = {}) =>
  runCommand(command, {
    cwd: root,
    env: { PATH: process.env.PATH ?? "" },
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...more,
  });

test("both outputs come in the order they were written: in the log, in the stream, in the tail", async () => {
  const logFile = join(root, "check.log");
  const seen: Buffer[] = [];
  const command = 'for i in 1 2 3; do echo "out $i"; echo "err $i" >&2; done; exit 4';
  const result = await run(command, { logFile, onOutput: (chunk) => seen.push(chunk) });
  const expected = "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n";
  expect(result).toMatchObject({ exitCode: 4, reason: null, tail: expected });
  expect(readFileSync(logFile, "utf8")).toBe(expected);
  expect(Buffer.concat(seen).toString()).toBe(expected);
  await run("echo again", { logFile });
  expect(readFileSync(logFile, "utf8")).toBe(`${expected}again\n`);
});

test("the tail is the end of the output, cut at a whole character", async () => {
  const { tail } = await run("yes éé | tr -d '\\n' | head -c 100000; echo; echo the end");
  expect(tail.endsWith("the end\n")).toBe(true);
  expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(8 * 1024);
  expect(tail).not.toContain("\ufffd");
});

test("a command that runs out of time has no exit code and says so", async () => {
  const result = await run("echo begun; sleep 60", { timeoutMs: 200 });
  expect(result).toMatchObject({ exitCode: null, tail: "begun\n" });
  expect(result.reason).toContain("the time it may take");
});

test("a command that is killed, or cannot start, says by what", async () => {
  expect(await run("kill -9 $$")).toMatchObject({
    exitCode: null,
    reason: "it was ended by SIGKILL",
  });
  const result = await run("true", { cwd: join(root, "gone") });
  expect(result.exitCode).toBeNull();
  expect(result.reason).toContain("is not there");
});

test("an abort passes the signal's own reason through", async () => {
  const leaving = new AbortController();
  const reason = new Error("leaving");
  const onOutput = () => leaving.abort(reason);
  await expect(run("echo x; sleep 60", { signal: leaving.signal, onOutput })).rejects.toBe(reason);
});

test("a reader that fails ends the command, and its error comes out", async () => {
  const onOutput = () => {
    throw new Error("no room");
  };
  await expect(run("echo x; sleep 60", { onOutput })).rejects.toThrow("no room");
});
