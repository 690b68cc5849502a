import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { pushTarget, type TargetPush } from "./push-target.ts";
import type { PushOutcome } from "./remote-branch.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, type TestRepository } from "./test-repository.ts";

/** A repository with one landing that a bare remote `origin` does not have yet. */
async function createPair(target = "main") {
  const place = await createTestRepository();
  const remote = join(place.folder, "remote.git");
  await place.git("init", "-q", "--bare", remote);
  await place.git("remote", "add", "origin", remote);
  await place.git("branch", "-f", "work", "main");
  if (target !== "main") await place.git("branch", target, "main");
  await place.git("push", "-q", "origin", `refs/heads/${target}`);
  const commit = await place.commitOn(target === "main" ? "work" : target, { "new.txt": "new\n" });
  if (target === "main") await place.git("merge", "-q", "--ff-only", "work");
  const there = async () =>
    (await runGit(remote, ["rev-parse", `refs/heads/${target}`])).stdout.trim();
  const push = (own: Partial<TargetPush> = {}) =>
    pushTarget({ repo: place.repo, remote: "origin", target, commit, wasPushed: true, ...own });
  return { place, remote, commit, there, push };
}

/** Somebody else's clone pushes a commit to the remote. */
async function pushFromElsewhere(place: TestRepository, remote: string, file = "theirs.txt") {
  const clone = join(place.folder, "elsewhere");
  await runGit(place.folder, ["clone", "-q", "-b", "main", remote, clone]);
  writeFileSync(join(clone, file), "theirs\n");
  await runGit(clone, ["add", "-A"]);
  const own = ["-c", "user.name=Bo", "-c", "user.email=bo@example.com"];
  await runGit(clone, [...own, "commit", "-qm", "theirs"]);
  await runGit(clone, ["push", "-q", "origin", "main"]);
}

function writeProgram(file: string, lines: readonly string[]): void {
  writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(file, 0o755);
}

const whyOf = (outcome: PushOutcome) => (outcome.kind === "failed" ? outcome.why : outcome.kind);

test("what landed is pushed, without hooks; again it is found to be there", async () => {
  const { place, commit, there, push } = await createPair();
  await using _ = place;
  const hook = join(place.repo.commonDir, "hooks", "pre-push");
  writeProgram(hook, [`touch '${place.folder}/hook-ran'`, "exit 1"]);
  expect(await push()).toEqual({ kind: "pushed" });
  expect(await there()).toBe(commit);
  expect(await push()).toEqual({ kind: "pushed" });
  expect(() => readFileSync(join(place.folder, "hook-ran"))).toThrow();
});

test("a remote whose address is relative is looked for from the checkout, as git does", async () => {
  const { place, commit, there, push } = await createPair();
  await using _ = place;
  await place.git("remote", "set-url", "origin", "../remote.git");
  expect(await push()).toEqual({ kind: "pushed" });
  expect(await there()).toBe(commit);
});

test("a branch that the remote does not have yet is made there; one that was taken away is not made again", async () => {
  const { place, remote, commit, there, push } = await createPair();
  await using _ = place;
  await runGit(remote, ["update-ref", "-d", "refs/heads/main"]);
  expect(await push()).toMatchObject({ why: "rejected", text: expect.stringContaining("no more") });
  expect(await push({ wasPushed: false })).toEqual({ kind: "pushed" });
  expect(await there()).toBe(commit);
});

test("what somebody else pushed is never overwritten; brought in, both are pushed", async () => {
  const { place, remote, there, push } = await createPair();
  await using _ = place;
  await pushFromElsewhere(place, remote);
  const theirs = await there();
  const refused = await push();
  expect(refused).toMatchObject({
    why: "rejected",
    text: "main of origin has 1 commit that main here does not have: somebody else pushed.",
    hint: expect.stringContaining("pull --no-rebase origin main"),
  });
  expect(await there()).toBe(theirs);
  // Looking at what is there moved no ref of the person's.
  expect(await place.oid("refs/remotes/origin/main")).toBe(await place.oid("main^"));
  await place.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
  expect(await push()).toEqual({ kind: "pushed" });
  expect(await there()).toBe(await place.oid("main"));
});

test("a landing that others have built on already is there", async () => {
  const { place, remote, push } = await createPair();
  await using _ = place;
  await place.git("push", "-q", "origin", "main");
  await pushFromElsewhere(place, remote);
  expect(await push()).toEqual({ kind: "pushed" });
});

test("a push that is set to force, by the remote's own refspec, is plain all the same", async () => {
  const { place, remote, there, push } = await createPair();
  await using _ = place;
  await place.git("config", "remote.origin.push", "+refs/heads/*:refs/heads/*");
  await place.git("config", "push.default", "matching");
  await pushFromElsewhere(place, remote);
  const theirs = await there();
  expect(whyOf(await push())).toBe("rejected");
  expect(await there()).toBe(theirs);
});

test("a remote that says no is quoted", async () => {
  const { place, remote, push } = await createPair();
  await using _ = place;
  const hook = join(remote, "hooks", "pre-receive");
  mkdirSync(join(remote, "hooks"), { recursive: true });
  writeProgram(hook, ["echo 'main is protected' >&2", "exit 1"]);
  expect(await push()).toMatchObject({
    why: "refused",
    text: "origin does not take main: pre-receive hook declined; main is protected.",
  });
});

test("a remote that is not there is away, and back it takes the push", async () => {
  const { place, remote, push } = await createPair();
  await using _ = place;
  renameSync(remote, `${remote}.away`);
  expect(whyOf(await push())).toBe("away");
  renameSync(`${remote}.away`, remote);
  expect(whyOf(await push())).toBe("pushed");
});

test("a remote that wants a sign-in asks nobody, and the way to it is told", async () => {
  const { place, push } = await createPair();
  await using _ = place;
  const ssh = join(place.folder, "ssh");
  writeProgram(ssh, ["echo 'git@there: Permission denied (publickey).' >&2", "exit 255"]);
  await place.git("config", "core.sshCommand", ssh);
  await place.git("remote", "set-url", "origin", "ssh://git@there.invalid/x.git");
  expect(await push()).toMatchObject({
    why: "sign-in",
    text: expect.stringContaining("Permission denied (publickey)."),
    hint: expect.stringContaining("push origin main"),
  });
});

test("no token of this process reaches what git asks for a sign-in", async () => {
  const { place, push } = await createPair();
  await using _ = place;
  const ssh = join(place.folder, "ssh");
  writeProgram(ssh, [`env > '${place.folder}/env'`, "exit 255"]);
  await place.git("config", "core.sshCommand", ssh);
  await place.git("remote", "set-url", "origin", "ssh://git@there.invalid/x.git");
  const names = ["GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
  for (const name of names) vi.stubEnv(name, "secret-word");
  try {
    await push();
  } finally {
    vi.unstubAllEnvs();
  }
  const seen = readFileSync(join(place.folder, "env"), "utf8");
  expect(seen).toContain("GIT_TERMINAL_PROMPT=0");
  expect(seen).not.toContain("secret-word");
});

test("what an address holds of a sign-in is not told", async () => {
  const { place, push } = await createPair();
  await using _ = place;
  await place.git("remote", "set-url", "origin", "http://ada:secret-word@127.0.0.1:9/x.git");
  const outcome = await push();
  expect(whyOf(outcome)).toBe("away");
  expect(JSON.stringify(outcome)).not.toContain("secret-word");
});

test.each([
  ["a name that is no remote, though a folder has it", "elsewhere", "There is no remote elsewhere"],
  ["a mirror", "mirror", "mirror is a mirror"],
])("%s is not pushed to", async (_what, remote, sentence) => {
  const { place, push } = await createPair();
  await using _ = place;
  await place.git("init", "-q", "--bare", join(place.repo.commonDir, "elsewhere"));
  await place.git("remote", "add", "--mirror=push", "mirror", join(place.folder, "remote.git"));
  expect(await push({ remote })).toMatchObject({
    why: "set-up",
    text: expect.stringContaining(sentence),
  });
});

test("files of Git LFS are pushed first; without the program nothing is", async () => {
  const { place, there, push } = await createPair();
  await using _ = place;
  const before = await there();
  place.write({ ".gitattributes": "*.bin filter=lfs -text\n" });
  await place.git("add", "-A");
  await place.git("commit", "-qm", "attributes");
  const commit = await place.oid("main");
  const bin = join(place.folder, "bin");
  mkdirSync(bin);
  expect(await push({ commit })).toMatchObject({
    why: "set-up",
    text: expect.stringContaining("Git LFS, which is not installed"),
  });
  expect(await there()).toBe(before);
  writeProgram(join(bin, "git-lfs"), [`echo "$@" >> '${place.folder}/lfs-calls'`]);
  const env = { PATH: `${bin}:${process.env.PATH}` };
  expect(await push({ commit, env })).toEqual({ kind: "pushed" });
  const calls = readFileSync(join(place.folder, "lfs-calls"), "utf8");
  expect(calls).toBe(`version\npush origin ${commit}\n`);
  expect(await there()).toBe(commit);
});

test("a target with a hostile name is a name and nothing else", async () => {
  const { place, commit, there, push } = await createPair("we'ird;$(touch)pwn");
  await using _ = place;
  expect(await push()).toEqual({ kind: "pushed" });
  expect(await there()).toBe(commit);
});
