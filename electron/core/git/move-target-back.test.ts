import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { markMove } from "./heal-checkout.ts";
import type { MoveOutcome } from "./move-target.ts";
import { healTarget, moveTargetBack } from "./move-target-back.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository, putFiles, type TestRepository } from "./test-repository.ts";

const ODD = `it's "odd" – ü $(touch pwn).txt`;
const START = {
  "a.txt": "one\n",
  "b.txt": "bee\n",
  "gone.txt": "gone\n",
  [ODD]: "odd\n",
  ".gitignore": ".env\n",
};
const LANDED = { "a.txt": "one\nmore\n", "new.txt": "new\n", "gone.txt": null, [ODD]: "odder\n" };

interface Landed {
  readonly place: TestRepository;
  readonly from: string;
  readonly to: string;
  readonly target: string;
}

/** A repository in which LANDED has landed on its target, checked out by the person. */
async function landed(target = "main", name = "repo") {
  const place = await createTestRepository(START, name);
  const to = await place.oid("main");
  const from = await place.commitOn("work", LANDED);
  if (target !== "main") await place.git("branch", "-m", "main", target);
  await place.git("merge", "-q", "--ff-only", "work");
  return { place, from, to, target, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}
const moveBack = ({ place, from, to, target }: Landed): Promise<MoveOutcome> =>
  moveTargetBack({ repo: place.repo, target, from, to, note: "switchyard undo q-1" });
const read = ({ place }: Landed, path: string) => readFileSync(join(place.repo.root, path), "utf8");
const status = ({ place }: Landed) => place.git("status", "--porcelain", "--ignored", "-z");

/** Undoes after `arrange` did something to the person's checkout; nothing of it may be different when it is held. */
async function check(
  arrange: (at: Landed) => Promise<unknown> | unknown,
  expected: (outcome: MoveOutcome, at: Landed) => Promise<void> | void,
) {
  await using at = await landed();
  await arrange(at);
  const before = await status(at);
  const outcome = await moveBack(at);
  expect(existsSync(join(at.place.repo.commonDir, "switchyard-move.json"))).toBe(false);
  if (outcome.kind === "held") {
    expect(await at.place.oid("main")).toBe(at.from);
    expect(await status(at)).toBe(before);
  }
  await expected(outcome, at);
}
async function expectBack(outcome: MoveOutcome, at: Landed) {
  expect(outcome).toEqual({ kind: "moved" });
  expect(await at.place.oid(`refs/heads/${at.target}`)).toBe(at.to);
  expect(read(at, "a.txt")).toBe("one\n");
  expect(read(at, ODD)).toBe("odd\n");
  expect(existsSync(join(at.place.repo.root, "new.txt"))).toBe(false);
}
function heldBy(files: readonly string[]) {
  return (outcome: MoveOutcome) => expect(outcome).toMatchObject({ kind: "held", files });
}

test("a clean checkout of the target goes back with it", () =>
  check(
    () => {},
    async (outcome, at) => {
      await expectBack(outcome, at);
      expect(await status(at)).toBe("");
      expect(await at.place.git("reflog", "-1", "--format=%gs", "main")).toContain("undo q-1");
    },
  ));

test("unrelated changes, staged, unstaged, untracked and ignored, are kept byte for byte", () =>
  check(
    async ({ place }) => {
      place.write({
        "b.txt": "mine\n",
        "staged.txt": "s\n",
        "loose.txt": "l\n",
        ".env": "secret\n",
      });
      await place.git("add", "staged.txt");
    },
    async (outcome, at) => {
      await expectBack(outcome, at);
      expect(await status(at)).toBe(" M b.txt\0A  staged.txt\0?? loose.txt\0!! .env\0");
      expect(read(at, ".env")).toBe("secret\n");
    },
  ));

test("a change to a file of the landing holds it", () =>
  check(({ place }) => place.write({ [ODD]: "mine\n" }), heldBy([ODD])));
test("a staged change to a file of the landing holds it", () =>
  check(
    async ({ place }) => {
      place.write({ "new.txt": "mine\n" });
      await place.git("add", "-A");
    },
    heldBy(["new.txt"]),
  ));
test("a file of the person's where one comes back holds it", () =>
  check(({ place }) => place.write({ "gone.txt": "mine\n" }), heldBy(["gone.txt"])));
test("a merge under way holds it", () =>
  check(async ({ place }) => {
    await place.commitOn("other", { "b.txt": "theirs\n" });
    await place.git("merge", "-q", "--no-commit", "--no-ff", "other");
  }, heldBy([])));

test("a target that has moved on since is left alone", async () => {
  await using at = await landed();
  await at.place.git("commit", "-q", "--allow-empty", "-m", "mine");
  const now = await at.place.oid("main");
  expect(await moveBack(at)).toEqual({ kind: "target-moved", now });
  expect(await at.place.oid("main")).toBe(now);
});

test("a target that nobody has checked out moves alone", async () => {
  await using at = await landed();
  await at.place.git("checkout", "-q", "-b", "elsewhere");
  expect(await moveBack(at)).toEqual({ kind: "moved" });
  expect(await at.place.oid("main")).toBe(at.to);
  expect(read(at, "a.txt")).toBe("one\nmore\n");
  expect(await status(at)).toBe("");
});

test("where git cannot move the branch, the checkout comes back to where it was", () =>
  check(
    ({ place }) => {
      place.write({ "b.txt": "mine\n" });
      writeFileSync(join(place.repo.commonDir, "refs", "heads", "main.lock"), "");
    },
    (outcome, at) => {
      expect(outcome).toMatchObject({ kind: "held", reason: expect.stringContaining("main.lock") });
      expect(read(at, "a.txt")).toBe("one\nmore\n");
    },
  ));

test("a target with a name like a command, in a folder with quotes and spaces, goes back too", async () => {
  await using at = await landed("x;touch$IFS-pwn'\u00fc", `it's a "place" – ü`);
  await expectBack(await moveBack(at), at);
  expect(await status(at)).toBe("");
});

test("a target that is checked out in a second worktree goes back there", async () => {
  await using at = await landed();
  await at.place.git("checkout", "-q", "-b", "elsewhere");
  const second = join(at.place.folder, "second");
  await at.place.git("worktree", "add", "-q", second, "main");
  putFiles(second, { "b.txt": "mine\n" });
  expect(await moveBack(at)).toEqual({ kind: "moved" });
  const { stdout } = await runGit(second, ["status", "--porcelain"]);
  expect(stdout).toBe(" M b.txt\n");
  expect(readFileSync(join(second, "a.txt"), "utf8")).toBe("one\n");
});

/** What a core that was killed in the middle of it leaves: the mark, and some of the files as they were before the landing. */
async function cutShort(at: Landed, leave: (root: string) => Promise<unknown> | unknown) {
  const { place, from, to } = at;
  place.write({ "b.txt": "mine\n" });
  await markMove(place.repo.root, { target: "main", from, to });
  await leave(place.repo.root);
}
async function expectHealed(at: Landed) {
  const { place, from } = at;
  expect(await healTarget({ repo: place.repo, target: "main" })).toBeNull();
  expect(await place.oid("main")).toBe(from);
  expect(await status(at)).toBe(" M b.txt\0");
  expect(read(at, "b.txt")).toBe("mine\n");
  expect(existsSync(join(place.repo.root, "gone.txt"))).toBe(false);
  await expectBack(await moveBack(at), at);
  expect(await status(at)).toBe(" M b.txt\0");
}

test("one that was cut short with half of the files done is taken back whole, and can be done again", async () => {
  await using at = await landed();
  await cutShort(at, (root) => {
    writeFileSync(join(root, "a.txt"), "one\n");
    writeFileSync(join(root, "gone.txt"), "go");
    const nobody = { holder: "switchyard", pid: 1, startTicks: "1", bootId: "an earlier boot" };
    writeFileSync(join(root, ".git", "index.lock"), JSON.stringify(nobody));
  });
  await expectHealed(at);
});

test("one that was cut short right before the branch moved is taken back whole, and can be done again", async () => {
  await using at = await landed();
  await cutShort(at, () => at.place.git("read-tree", "-m", "-u", at.from, at.to));
  await expectHealed(at);
});

test("one that was cut short right after the branch moved is done", async () => {
  await using at = await landed();
  await cutShort(at, async () => {
    await at.place.git("read-tree", "-m", "-u", at.from, at.to);
    await at.place.git("update-ref", "refs/heads/main", at.to, at.from);
  });
  expect(await healTarget({ repo: at.place.repo, target: "main" })).toBeNull();
  expect(await at.place.oid("main")).toBe(at.to);
  expect(await status(at)).toBe(" M b.txt\0");
});

test("what the person did to a file meanwhile stays, and is named", async () => {
  await using at = await landed();
  await cutShort(at, (root) => writeFileSync(join(root, "a.txt"), "all mine\n"));
  expect(await healTarget({ repo: at.place.repo, target: "main" })).toMatchObject({
    files: ["a.txt"],
  });
  expect(read(at, "a.txt")).toBe("all mine\n");
});

test("an ignored file in a folder that was a file before the landing holds it, by name", async () => {
  await using place = await createTestRepository({ lib: "a file\n", ".gitignore": "*.log\n" });
  const to = await place.oid("main");
  const from = await place.commitOn("work", { lib: null, "lib/x.txt": "x\n" });
  await place.git("merge", "-q", "--ff-only", "work");
  place.write({ "lib/mine.log": "precious\n" });
  const outcome = await moveTargetBack({
    repo: place.repo,
    target: "main",
    from,
    to,
    note: "undo",
  });
  expect(outcome).toMatchObject({ kind: "held", files: ["lib/mine.log"] });
  expect(readFileSync(join(place.repo.root, "lib/mine.log"), "utf8")).toBe("precious\n");
});
