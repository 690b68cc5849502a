import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { markMove } from "./heal-checkout.ts";
import { findMoveBlocker, type MoveOutcome, moveTarget } from "./move-target.ts";
import {
  createTestRepository,
  type Files,
  putFiles,
  type TestRepository,
} from "./test-repository.ts";

const START: Files = {
  "a.txt": "one\n",
  "b.txt": "bee\n",
  "old.txt": "old\n",
  ".gitignore": ".env\n",
};
const CHANGES: Files = { "a.txt": "one\nmore\n", "new.txt": "new\n", "old.txt": null };

/** Lands CHANGES on a checked-out main after `arrange` did something to the person's checkout. */
async function check(
  arrange: (place: TestRepository) => Promise<void> | void,
  expected: (outcome: MoveOutcome, place: TestRepository) => Promise<void> | void,
  changes: Files = CHANGES,
) {
  await using place = await createTestRepository(START);
  const from = await place.oid("main");
  const to = await place.commitOn("work", changes);
  await arrange(place);
  const before = await place.git("status", "--porcelain", "--ignored");
  const stashes = await place.git("stash", "list");
  const move = { repo: place.repo, target: "main", from, to, note: "switchyard land q-1" };
  const blocker = await findMoveBlocker(move);
  const outcome = await moveTarget(move);
  expect(blocker !== null).toBe(outcome.kind === "held");
  if (outcome.kind === "held") {
    expect(await place.oid("main")).toBe(from);
    expect(await place.git("status", "--porcelain", "--ignored")).toBe(before);
  }
  expect(await place.git("stash", "list")).toBe(stashes);
  await expected(outcome, place);
}

async function expectMoved(outcome: MoveOutcome, place: TestRepository) {
  expect(outcome).toEqual({ kind: "moved" });
  expect(await place.oid("main")).toBe(await place.oid("work"));
  expect(await place.git("diff", "--stat", "work", "--", "new.txt", "old.txt")).toBe("");
}
function read(place: TestRepository, path: string) {
  return readFileSync(join(place.repo.root, path), "utf8");
}

test("a clean checkout of the target is fast-forwarded with it", () =>
  check(
    () => {},
    async (outcome, place) => {
      await expectMoved(outcome, place);
      expect(await place.git("status", "--porcelain")).toBe("");
      expect(await place.git("reflog", "-1", "--format=%gs", "main")).toContain("land q-1");
    },
  ));

test("unrelated changes, staged, unstaged and untracked, are kept byte for byte", () =>
  check(
    async (place) => {
      place.write({ "b.txt": "mine\n", "staged.txt": "staged\n", "loose.txt": "loose\n" });
      await place.git("add", "staged.txt");
    },
    async (outcome, place) => {
      await expectMoved(outcome, place);
      const status = await place.git("status", "--porcelain");
      expect(status.split("\n").filter(Boolean).sort()).toEqual([
        " M b.txt",
        "?? loose.txt",
        "A  staged.txt",
      ]);
      expect(read(place, "b.txt")).toBe("mine\n");
    },
  ));

test("a changed file that the landing changes holds it, by name", () =>
  check(
    (place) => place.write({ "a.txt": "mine\n" }),
    (outcome, place) => {
      expect(outcome).toMatchObject({ kind: "held", files: ["a.txt"] });
      expect(read(place, "a.txt")).toBe("mine\n");
    },
  ));

test("an untracked file where one is added holds it", () =>
  check(
    (place) => place.write({ "new.txt": "mine\n" }),
    (outcome, place) => {
      expect(outcome).toMatchObject({ kind: "held", files: ["new.txt"] });
      expect(read(place, "new.txt")).toBe("mine\n");
    },
  ));

test("an ignored file where one is added holds it and is not overwritten", () =>
  check(
    (place) => place.write({ ".env": "SECRET=mine\n" }),
    (outcome, place) => {
      expect(outcome).toMatchObject({ kind: "held", files: [".env"] });
      expect(read(place, ".env")).toBe("SECRET=mine\n");
    },
    { ".env": "SECRET=theirs\n" },
  ));

test("an untracked file where a folder is added holds it", () =>
  check(
    (place) => place.write({ lib: "a file\n" }),
    (outcome) => expect(outcome).toMatchObject({ kind: "held", files: ["lib"] }),
    { "lib/x.txt": "x\n" },
  ));

test("a file that becomes a folder lands", () =>
  check(() => {}, expectMoved, { "old.txt": null, "old.txt/x": "x\n" }));

test("a file git was told not to look at holds the landing that changes it", () =>
  check(
    async (place) => {
      await place.git("update-index", "--assume-unchanged", "a.txt");
      place.write({ "a.txt": "mine\n" });
    },
    (outcome, place) => {
      expect(outcome).toMatchObject({ kind: "held", files: ["a.txt"] });
      expect(read(place, "a.txt")).toBe("mine\n");
    },
  ));

test("a merge under way in the checkout holds it", () =>
  check(
    async (place) => {
      await place.commitOn("other", { "c.txt": "c\n" });
      await place.git("merge", "--no-commit", "--no-ff", "other");
    },
    (outcome) => expect(outcome).toMatchObject({ kind: "held", reason: /a merge is under way/ }),
  ));

test("a rebase of the target under way holds it, though its HEAD is detached", () =>
  check(
    async (place) => {
      await place.commitOn("other", { "a.txt": "theirs\n" });
      await place.git("rebase", "-q", "--exec", "false", "--force-rebase", "HEAD").catch(() => {});
      const folder = join(place.repo.commonDir, "rebase-merge");
      if (existsSync(folder)) return;
      mkdirSync(folder);
      writeFileSync(join(folder, "head-name"), "refs/heads/main\n");
      await place.git("checkout", "-q", "--detach");
    },
    (outcome) => expect(outcome).toMatchObject({ kind: "held", reason: /a rebase/ }),
  ));

test("a lock of another git holds it after a while", () =>
  check(
    (place) => writeFileSync(join(place.repo.commonDir, "index.lock"), ""),
    (outcome) => expect(outcome).toMatchObject({ kind: "held", reason: /another git is at work/ }),
  ));

test("a branch that git cannot move, as it finds out too late, leaves the checkout as it was", async () => {
  await using place = await createTestRepository(START);
  const from = await place.oid("main");
  const to = await place.commitOn("work", CHANGES);
  place.write({ "b.txt": "mine\n" });
  const log = join(place.repo.commonDir, "logs", "refs", "heads", "main");
  rmSync(log);
  putFiles(place.repo.commonDir, { "logs/refs/heads/main/foreign": "" });
  const move = { repo: place.repo, target: "main", from, to, note: "land" };
  expect(await moveTarget(move).catch(() => null)).not.toEqual({ kind: "moved" });
  expect(await place.git("status", "--porcelain")).toBe(" M b.txt\n");
  expect([read(place, "a.txt"), read(place, "b.txt")]).toEqual(["one\n", "mine\n"]);
  expect(existsSync(join(place.repo.commonDir, "switchyard-move.json"))).toBe(false);
});

test.each(["HEAD.lock", "refs/heads/main.lock"])(
  "a lock that a killed git of the person's left, %s, is named with what to do, and stays",
  async (name) => {
    await using place = await createTestRepository(START);
    const from = await place.oid("main");
    const to = await place.commitOn("work", CHANGES);
    const lock = join(place.repo.commonDir, name);
    writeFileSync(lock, "");
    const move = { repo: place.repo, target: "main", from, to, note: "land" };
    expect(await moveTarget(move)).toMatchObject({
      kind: "held",
      reason: `another git is at work: ${lock} exists; if none is, one that was killed left it, and you can remove it: rm ${lock}`,
    });
    expect([existsSync(lock), await place.oid("main")]).toEqual([true, from]);
    expect(await place.git("status", "--porcelain")).toBe("");
    rmSync(lock);
    expect(await moveTarget(move)).toEqual({ kind: "moved" });
  },
);

test("settings of the person's that stash, sign, squash or run hooks change nothing", () =>
  check(
    async (place) => {
      const failing = join(place.folder, "fail.sh");
      writeFileSync(failing, "#!/bin/sh\ntouch ran; exit 1\n");
      chmodSync(failing, 0o755);
      const hooks = join(place.repo.commonDir, "hooks");
      mkdirSync(hooks, { recursive: true });
      for (const hook of [
        "post-merge",
        "pre-merge-commit",
        "reference-transaction",
        "post-checkout",
      ]) {
        writeFileSync(join(hooks, hook), readFileSync(failing));
        chmodSync(join(hooks, hook), 0o755);
      }
      const settings = `
        [merge] autoStash = true
          verifySignatures = true
          ff = false
        [commit] gpgSign = true
        [gpg] program = ${failing}
        [branch "main"] mergeOptions = --squash
        [core] fsmonitor = ${failing}
      `;
      appendFileSync(join(place.repo.commonDir, "config"), settings);
      place.write({ "b.txt": "mine\n" });
    },
    async (outcome, place) => {
      await expectMoved(outcome, place);
      expect(read(place, "b.txt")).toBe("mine\n");
      expect(existsSync(join(place.repo.root, "ran"))).toBe(false);
    },
  ));

test("a target checked out in a linked worktree follows the same rules", async () => {
  await using place = await createTestRepository(START);
  await place.git("checkout", "-q", "--detach");
  const linked = join(place.folder, "linked tree\u00e9'");
  await place.git("worktree", "add", "-q", linked, "main");
  const from = await place.oid("main");
  const to = await place.commitOn("work", CHANGES);
  writeFileSync(join(linked, "a.txt"), "mine\n");
  const move = { repo: place.repo, target: "main", from, to, note: "land" };
  expect(await moveTarget(move)).toMatchObject({ kind: "held", files: ["a.txt"] });
  writeFileSync(join(linked, "a.txt"), "one\n");
  expect(await moveTarget(move)).toEqual({ kind: "moved" });
  expect(readFileSync(join(linked, "a.txt"), "utf8")).toBe("one\nmore\n");
});

test("a target that is not checked out moves by compare-and-swap, once", async () => {
  await using place = await createTestRepository(START);
  await place.git("checkout", "-q", "-b", "elsewhere");
  const from = await place.oid("main");
  const to = await place.commitOn("work", CHANGES);
  const move = { repo: place.repo, target: "main", from, to, note: "land" };
  expect(await moveTarget(move)).toEqual({ kind: "moved" });
  expect(await moveTarget(move)).toEqual({ kind: "moved" });
  expect(await place.oid("main")).toBe(to);
  expect(await place.git("status", "--porcelain")).toBe("");
  const next = await place.commitOn("main", { "c.txt": "c\n" });
  expect(await moveTarget(move)).toEqual({ kind: "moved" });
  expect(await place.oid("main")).toBe(next);
});

test("a target that somebody else moved is not moved", async () => {
  await using place = await createTestRepository(START);
  const from = await place.oid("main");
  const to = await place.commitOn("work", CHANGES);
  await place.git("commit", "-q", "--allow-empty", "-m", "mine");
  const now = await place.oid("main");
  const move = { repo: place.repo, target: "main", from, to, note: "land" };
  expect(await moveTarget(move)).toEqual({ kind: "target-moved", now });
  expect(await place.oid("main")).toBe(now);
});

/** What a kill in the middle of a fast-forward leaves: some files new, one half-written, the lock, our mark. */
async function cutShort(place: TestRepository) {
  const from = await place.oid("main");
  const to = await place.commitOn("work", {
    ...CHANGES,
    "half.txt": "a new file of two lines\nand more\n",
    "added.txt": "added\n",
    "run.sh": "#!/bin/sh\n",
  });
  const gitDir = place.repo.commonDir;
  writeFileSync(join(gitDir, "switchyard-move.json"), JSON.stringify({ target: "main", from, to }));
  const nobody = { holder: "switchyard", pid: 1, startTicks: "1", bootId: "an earlier boot" };
  writeFileSync(join(gitDir, "index.lock"), JSON.stringify(nobody));
  place.write({ "a.txt": "one\nmo", "added.txt": "added\n", "half.txt": "a new", "old.txt": null });
  return { repo: place.repo, target: "main", from, to, note: "land" };
}

test("a fast-forward that was cut short is mended and finished; the person's edits stay", async () => {
  await using place = await createTestRepository(START);
  place.write({ "b.txt": "mine\n" });
  const move = await cutShort(place);
  expect(await moveTarget(move)).toEqual({ kind: "moved" });
  expect(await place.git("status", "--porcelain")).toBe(" M b.txt\n");
  expect(read(place, "a.txt")).toBe("one\nmore\n");
});

test("a file the person edited after a fast-forward was cut short stops the mending", async () => {
  await using place = await createTestRepository(START);
  const move = await cutShort(place);
  place.write({ "a.txt": "one\nmine\n" });
  expect(await moveTarget(move)).toMatchObject({ kind: "held", files: ["a.txt"] });
  expect(read(place, "a.txt")).toBe("one\nmine\n");
  place.write({ "a.txt": "one\n" });
  expect(await moveTarget(move)).toEqual({ kind: "moved" });
  expect(await place.git("status", "--porcelain")).toBe("");
});

/** A `git` that is killed with SIGKILL while it writes the files, as soon as the file it is told to watch for is there. */
function killMergeAt(place: TestRepository, file: string): Disposable {
  const path = process.env.PATH ?? "";
  const bin = join(place.folder, "bin");
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh
PATH='${path}'
case " $* " in *" read-tree "*) ;; *) exec git "$@" ;; esac
git "$@" & pid=$!
while [ ! -e '${join(place.repo.root, file)}' ] && kill -0 $pid 2>/dev/null; do :; done
kill -9 $pid 2>/dev/null; wait $pid; exit 128
`;
  writeFileSync(join(bin, "git"), script);
  chmodSync(join(bin, "git"), 0o755);
  process.env.PATH = `${bin}${delimiter}${path}`;
  return {
    [Symbol.dispose]() {
      process.env.PATH = path;
    },
  };
}

test("a fast-forward killed while it moved the branch leaves no lock in the way", async () => {
  await using place = await createTestRepository(START);
  const from = await place.oid("main");
  const to = await place.commitOn("work", CHANGES);
  await markMove(place.repo.root, { target: "main", from, to });
  for (const lock of ["HEAD.lock", "ORIG_HEAD.lock", "refs/heads/main.lock"]) {
    writeFileSync(join(place.repo.commonDir, lock), "");
  }
  const move = { repo: place.repo, target: "main", from, to, note: "land" };
  expect(await moveTarget(move)).toEqual({ kind: "moved" });
});

test("a fast-forward killed in the middle of many files is mended and finished", async () => {
  await using place = await createTestRepository({ ...START, "src/f0.txt": "old\n" });
  const names = Array.from({ length: 1500 }, (_, at) => `src/f${at}.txt`);
  const files = Object.fromEntries(names.map((name) => [name, `${name}\n`.repeat(200)]));
  const from = await place.oid("main");
  const to = await place.commitOn("work", { ...CHANGES, ...files });
  const move = { repo: place.repo, target: "main", from, to, note: "land" };
  place.write({ "b.txt": "mine\n" });
  for (const file of ["src/f1.txt", "src/f300.txt", "src/f999.txt"]) {
    using _shim = killMergeAt(place, file);
    const cut = await moveTarget(move);
    expect(["held", "moved"]).toContain(cut.kind);
    expect([from, to]).toContain(await place.oid("main"));
    expect(read(place, "b.txt")).toBe("mine\n");
    if (cut.kind === "held") {
      expect(await place.git("status", "--porcelain").catch(() => "")).not.toBe(" M b.txt\n");
    }
  }
  expect(await findMoveBlocker(move)).toBe(null);
  expect(await moveTarget(move)).toEqual({ kind: "moved" });
  expect(await place.git("status", "--porcelain")).toBe(" M b.txt\n");
}, 180_000);

test("a target that is only another name for a branch is not cut loose from it", async () => {
  await using place = await createTestRepository();
  await place.git("branch", "-m", "main", "trunk");
  await place.git("symbolic-ref", "refs/heads/main", "refs/heads/trunk");
  const from = await place.oid("trunk");
  const to = await place.commitOn("work", { "new.txt": "new\n" });
  const outcome = await moveTarget({ repo: place.repo, target: "main", from, to, note: "note" });
  expect(outcome).toMatchObject({ kind: "held", reason: expect.stringContaining("trunk") });
  expect((await place.git("symbolic-ref", "refs/heads/main")).trim()).toBe("refs/heads/trunk");
});
