import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProcessError, type ProcessOptions, runProcess } from "./run-process.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "run-process-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function options(more: Partial<ProcessOptions> = {}): ProcessOptions {
  const env = { PATH: process.env.PATH ?? "" };
  return { cwd: root, env, timeoutMs: 20_000, signal: new AbortController().signal, ...more };
}
const sh = (script: string, more?: Partial<ProcessOptions>) =>
  runProcess("sh", ["-c", script], options(more));
const failure = async (running: Promise<unknown>): Promise<ProcessError> => {
  const error = await running.catch((caught: unknown) => caught);
  if (!(error instanceof ProcessError)) throw new Error(`not a ProcessError: ${error}`);
  return error;
};

test("gives back both outputs, as text and as bytes, and passes input on", async () => {
  const result = await sh("cat; printf '\\377' ; echo oops >&2", { input: "héllo" });
  expect(result).toMatchObject({ exitCode: 0, stderr: "oops\n", endedBy: "exit" });
  expect(result.stdoutBytes).toEqual(Buffer.concat([Buffer.from("héllo"), Buffer.from([0xff])]));
});

test("the program sees the environment it was given and nothing else", async () => {
  const { stdout } = await runProcess("/usr/bin/env", [], options({ env: { A: "1" } }));
  expect(stdout).toBe("A=1\n");
});

test("an exit code nobody expected is an error that says what the program said", async () => {
  const error = await failure(sh("echo broken >&2; exit 3"));
  expect(error.result?.exitCode).toBe(3);
  expect(error.message).toContain("exit code 3: broken");
  expect((await sh("exit 3", { okExitCodes: [0, 3] })).exitCode).toBe(3);
  expect((await sh("exit 9", { okExitCodes: "any" })).exitCode).toBe(9);
});

test("a program or folder that is missing is named", async () => {
  expect((await failure(runProcess("no-such-program", [], options()))).message).toContain("ENOENT");
  const error = await failure(sh("true", { cwd: join(root, "gone") }));
  expect(error.message).toContain(`the folder ${join(root, "gone")} is not there`);
});

test("when time is up the whole group goes, those that ignore TERM included", async () => {
  const script =
    "trap '' TERM; sh -c 'trap \"\" TERM; while :; do sleep 1; done' & echo $! >pid; wait";
  const error = await failure(sh(script, { timeoutMs: 300 }));
  expect(error.result?.endedBy).toBe("timeout");
  expect(await isRunning("pid")).toBe(false);
});

test("what it left running in the background ends with it", async () => {
  await sh("sleep 60 & echo $! >pid");
  expect(await isRunning("pid")).toBe(false);
});

test("an abort ends it and passes the signal's own reason through", async () => {
  const leaving = new AbortController();
  const reason = new Error("leaving");
  const running = sh("echo $$ >pid; sleep 60", { signal: leaving.signal, timeoutMs: 30_000 });
  leaving.abort(reason);
  await expect(running).rejects.toBe(reason);
  await expect(sh("true", { signal: leaving.signal })).rejects.toBe(reason);
});

test("more output than allowed ends it", async () => {
  const error = await failure(sh("yes", { maxOutputBytes: 10_000 }));
  expect(error.result?.endedBy).toBe("output-limit");
  expect(error.result?.stdoutBytes.length).toBeLessThanOrEqual(10_000);
});

test("a process that got away with the pipe does not hold up the answer", async () => {
  const result = await sh("setsid sleep 5 & echo done");
  expect(result.stdout).toBe("done\n");
  expect(result.durationMs).toBeLessThan(4_000);
});

async function isRunning(file: string): Promise<boolean> {
  const pid = Number(await readFile(join(root, file), "utf8"));
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
  return !/\) [ZX]/.test(stat);
}
