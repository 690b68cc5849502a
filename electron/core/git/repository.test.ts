import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { probeGit } from "./probe-git.ts";
import {
  currentBranch,
  dirtyFiles,
  hasIdentity,
  isBranchName,
  openRepository,
  resolveBranch,
} from "./repository.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository } from "./test-repository.ts";

test("a repository is the same from any of its folders, worktrees and links", async () => {
  await using place = await createTestRepository({ "sub/a.txt": "a\n" }, "rép o'\nnew line");
  const linked = join(place.folder, "linked");
  await place.git("worktree", "add", "-q", linked, "-b", "other");
  symlinkSync(place.repo.root, join(place.folder, "link"));
  for (const path of [join(place.repo.root, "sub"), linked, join(place.folder, "link")]) {
    expect(await openRepository(path)).toEqual(place.repo);
  }
  expect(place.repo.root).toContain("new line");
});

test("a bare repository is opened as such", async () => {
  await using place = await createTestRepository();
  const bare = join(place.folder, "bare.git");
  await place.git("clone", "-q", "--bare", ".", bare);
  expect(await openRepository(bare)).toEqual({ root: bare, commonDir: bare, isBare: true });
});

test("a plain folder and a missing one are refused in words", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-plain-")));
  try {
    const refusal = { code: "not-a-repository", message: `${folder} is not in a git repository.` };
    await expect(openRepository(folder)).rejects.toMatchObject(refusal);
    await expect(openRepository(join(folder, "x"))).rejects.toMatchObject({
      code: "not-a-repository",
    });
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(openRepository(file)).rejects.toMatchObject({
      code: "not-a-repository",
      message: `${file} is a file, not a folder.`,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a repository without a commit says so", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-empty-")));
  try {
    await runGit(folder, ["init", "-q", "-b", "main"]);
    const repo = await openRepository(folder);
    await expect(resolveBranch(repo, "main")).rejects.toMatchObject({ code: "empty-repository" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a branch is found by its exact name and never by an expression", async () => {
  await using place = await createTestRepository();
  await place.git("update-ref", "refs/heads/-x;pwn", "main");
  const oid = await place.oid("main");
  expect(await resolveBranch(place.repo, "main")).toBe(oid);
  expect(await resolveBranch(place.repo, "-x;pwn")).toBe(oid);
  for (const name of ["main^0", "main@{0}", "mai*", "nope", "--all", "main:a.txt"]) {
    await expect(resolveBranch(place.repo, name)).rejects.toMatchObject({ code: "no-such-branch" });
  }
});

test("names that git or a shell could take for something else are no branch names", async () => {
  await using place = await createTestRepository();
  expect(await isBranchName(place.repo, "switchyard/t-1-añb")).toBe(true);
  for (const name of ["-x", "HEAD", "a..b", "a b", "x.lock", "a\nb", ""]) {
    expect(await isBranchName(place.repo, name)).toBe(false);
  }
});

test("dirty files are named as they are spelled", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n", ".gitignore": "*.log\n" });
  mkdirSync(join(place.repo.root, "new"));
  place.write({ "a.txt": "b\n", "new/ü\n.txt": "x", "-x": "x", "noise.log": "x" });
  expect([...(await dirtyFiles(place.repo.root))].sort()).toEqual(["-x", "a.txt", "new/ü\n.txt"]);
});

test("a checkout's branch is null while its HEAD is detached", async () => {
  await using place = await createTestRepository();
  expect(await currentBranch(place.repo.root)).toBe("main");
  await place.git("checkout", "-q", "--detach");
  expect(await currentBranch(place.repo.root)).toBe(null);
});

test("a repository whose person gave git a name has an identity", async () => {
  await using place = await createTestRepository();
  expect(await hasIdentity(place.repo)).toBe(true);
  await place.git("config", "user.name", "");
  await place.git("config", "user.useConfigOnly", "true");
  await place.git("config", "user.email", "");
  expect(await hasIdentity(place.repo)).toBe(false);
});

test("the git that is installed is known by its version", async () => {
  expect(await probeGit()).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+/) });
});

test.skipIf(process.getuid?.() !== 0)(
  "a repository that belongs to somebody else is refused with git's own words and way out",
  async () => {
    await using place = await createTestRepository();
    const nobody = 65_534;
    for (const each of [place.repo.root, place.repo.commonDir]) chownSync(each, nobody, nobody);
    await expect(openRepository(place.repo.root)).rejects.toMatchObject({
      code: "not-a-repository",
      hint: expect.stringContaining("safe.directory"),
    });
  },
);
