import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GitError, runGit } from "./run-git.ts";
import { createTestRepository } from "./test-repository.ts";

test("an exit code that is an answer is returned, any other throws with git's words", async () => {
  await using place = await createTestRepository();
  const asked = await runGit(place.repo.root, ["diff", "--quiet", "HEAD"], { okExitCodes: [0, 1] });
  expect(asked.exitCode).toBe(0);
  place.write({ "a.txt": "changed\n" });
  const again = await runGit(place.repo.root, ["diff", "--quiet", "HEAD"], { okExitCodes: [0, 1] });
  expect(again.exitCode).toBe(1);
  const failing = runGit(place.repo.root, ["rev-parse", "--verify", "nowhere"]);
  await expect(failing).rejects.toThrow(GitError);
  await expect(failing).rejects.toThrow(/Needed a single revision/);
});

test("output of any size and any bytes comes through whole", async () => {
  await using place = await createTestRepository();
  const bytes = Buffer.alloc(3_000_000, 0).map((_, at) => at % 256);
  writeFileSync(join(place.repo.root, "big.bin"), bytes);
  await place.git("add", "-A");
  const shown = await runGit(place.repo.root, ["cat-file", "blob", ":big.bin"]);
  expect(shown.stdoutBytes.equals(Buffer.from(bytes))).toBe(true);
});

test("output beyond the asked size is cut", async () => {
  await using place = await createTestRepository({ "a.txt": "line\n".repeat(400_000) });
  const options = { outputMaxBytes: 1000 };
  const shown = await runGit(place.repo.root, ["cat-file", "blob", "HEAD:a.txt"], options);
  expect(shown.isCut).toBe(true);
  expect(shown.stdoutBytes.length).toBeLessThan(400_000 * 5);
});

test("a cancelled git rejects with the signal's own reason and is not running any more", async () => {
  await using place = await createTestRepository();
  const leaving = new AbortController();
  const waiting = runGit(place.repo.root, ["-c", "alias.nap=!echo up >&2; exec sleep 60", "nap"], {
    signal: leaving.signal,
  }).catch((error: unknown) => error);
  leaving.abort(new Error("enough"));
  const outcome = await waiting;
  expect(outcome).toBeInstanceOf(Error);
});

test("nothing that steers git is inherited", async () => {
  await using place = await createTestRepository();
  process.env.GIT_DIR = "/nowhere";
  process.env.GIT_INDEX_FILE = "/nowhere/index";
  try {
    const status = await runGit(place.repo.root, ["status", "--porcelain"]);
    expect(status.stdout).toBe("");
  } finally {
    delete process.env.GIT_DIR;
    delete process.env.GIT_INDEX_FILE;
  }
});

test("a git that takes too long is given up, with its deadline in the error", async () => {
  await using place = await createTestRepository({ "a.txt": "x\n".repeat(3_000_000) });
  const args = ["hash-object", "--stdin"];
  const late = runGit(place.repo.root, args, { timeoutMs: 1, input: Buffer.alloc(50_000_000) });
  await expect(late).rejects.toThrow("gave up after 1 ms");
});

test("a folder that does not exist is an error that names it", async () => {
  await expect(runGit("/nowhere/at/all", ["status"])).rejects.toThrow(/nowhere\/at\/all/);
});

test("words of a log are read as they were written, whatever encoding the person reads logs in", async () => {
  await using place = await createTestRepository();
  await place.git("config", "i18n.logOutputEncoding", "ISO-8859-1");
  await place.commitOn("work", { "new.txt": "new\n" }, "größer");
  expect(await place.git("log", "-1", "--format=%s", "work")).toBe("größer\n");
});
