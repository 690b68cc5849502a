import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { buildCandidate, type CandidateRequest } from "./candidate.ts";
import { readLandings } from "./read-landings.ts";
import { findLandedRange } from "./revert.ts";
import { createTestRepository, type TestRepository } from "./test-repository.ts";

const ENTRY = "Switchyard-Entry";

async function build(
  place: TestRepository,
  change: Pick<CandidateRequest, "base" | "head" | "policy">,
  entry: string,
) {
  const { repo } = place;
  const trailers = [`${ENTRY}: ${entry}`, "Switchyard-Store: s"];
  const fallback = { name: "Ada", email: "ada@example.com" };
  const how = { repo, poolWorktree: repo.root, message: "Do the work", trailers, fallback };
  const outcome = await buildCandidate({ ...how, ...change });
  if (outcome.kind !== "built") throw new Error(`it is ${outcome.kind}`);
  return outcome.commit;
}

for (const policy of ["squash", "rebase"] as const) {
  test(`a commit of the first second of 1970 lands by ${policy}, with its time`, async () => {
    await using place = await createTestRepository();
    const base = await place.oid("main");
    await place.commitOn("work", { "n.txt": "n\n" });
    const args = ["commit-tree", "work^{tree}", "-p", "main", "-m", "work"];
    const env = { ...process.env, GIT_AUTHOR_DATE: "@1 +0000" };
    const head = execFileSync("git", args, { cwd: place.repo.root, encoding: "utf8", env }).trim();
    const commit = await build(place, { base, head, policy }, "q-1");
    expect((await place.git("log", "-1", "--format=%at", commit)).trim()).toBe("1");
  });
}

test("a commit without a message lands with the words of its landing, and its trailers can be read", async () => {
  await using place = await createTestRepository();
  const base = await place.oid("main");
  await place.commitOn("work", { "n.txt": "n\n" });
  const head = (await place.git("commit-tree", "work^{tree}", "-p", "main", "-m", "")).trim();
  const commit = await build(place, { base, head, policy: "rebase" }, "q-1");
  expect(await readLandings(place.repo, commit)).toMatchObject([
    { entry: "q-1", store: "s", subject: "Do the work" },
  ]);
});

test("a landed commit that was picked once more is of the new landing alone, and is reverted with it", async () => {
  await using place = await createTestRepository();
  const base = await place.oid("main");
  const policy = "rebase" as const;
  const work = await place.commitOn("one", { "one.txt": "1\n" }, "one");
  const first = await build(place, { base, head: work, policy }, "q-1");
  const revert = ["commit-tree", `${base}^{tree}`, "-p", first, "-m", "Revert"];
  const reverted = (await place.git(...revert)).trim();
  const message = await place.git("log", "-1", "--format=%B", first);
  expect(message).toContain(`${ENTRY}: q-1`);
  const picked = ["commit-tree", `${first}^{tree}`, "-p", reverted, "-m", message];
  const head = (await place.git(...picked)).trim();
  const again = await build(place, { base: reverted, head, policy }, "q-3");
  expect(await place.git("log", "-1", "--format=%B", again)).not.toContain("q-1");
  const range = await findLandedRange(place.repo, again, { key: ENTRY, value: "q-3" });
  expect(range?.before).toBe(reverted);
});
