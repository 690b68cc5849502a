import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import { moveTarget } from "../../git/move-target.ts";
import { createTestRepository } from "../../git/test-repository.ts";
import type { EntryRecord } from "../../store/store.ts";
import { createQueueFixture, type QueueFixture } from "../queue-fixture.ts";
import { startQueue, untilState } from "./run-queue.ts";

/** Calls `act` each time this entry comes to the state, before anything that follows from it. */
function whenever(
  { store }: QueueFixture,
  { id }: EntryRecord,
  state: EntryRecord["state"],
  act: () => void,
): Disposable {
  let was: string | undefined;
  const stop = store.onCommit(() => {
    const now = store.entries.find(id)?.state;
    const isNew = now === state && was !== state;
    was = now;
    if (isNew) act();
  });
  return { [Symbol.dispose]: stop };
}

/** More would take minutes; a hundred are raced below, without a queue. */
const COMMITS_IN_THE_WINDOW = 5;

test("commits of the person's between the journal of a landing and its move are all kept, and the work lands on top", async () => {
  await using fixture = await createQueueFixture();
  const { place } = fixture;
  const git = (...args: readonly string[]) =>
    execFileSync("git", args, { cwd: place.repo.root, encoding: "utf8" }).trim();
  git("checkout", "-q", "-b", "elsewhere");
  place.notePerson();
  const entry = await fixture.queueWork({ "new.txt": "new\n" });
  const commits: string[] = [];
  using _race = whenever(fixture, entry, "landing", () => {
    if (commits.length === COMMITS_IN_THE_WINDOW) return;
    const commit = git("commit-tree", "main^{tree}", "-p", "main", "-m", `${commits.length}`);
    git("update-ref", "refs/heads/main", commit);
    commits.push(commit);
  });
  await startQueue(fixture);
  await untilState(fixture, entry.id, "landed");
  expect(commits).toHaveLength(COMMITS_IN_THE_WINDOW);
  const landed = await place.git("log", "--first-parent", "--format=%H", "main~1");
  expect(landed.trim().split("\n").slice(0, -1)).toEqual(commits.toReversed());
});

test("of a hundred commits of the person's and a hundred landings at the same moment none is lost", {
  timeout: 120_000,
}, async () => {
  await using place = await createTestRepository();
  const { repo } = place;
  await place.git("checkout", "-q", "-b", "elsewhere");
  const tree = "main^{tree}";
  const commitOn = async (parent: string, what: string) =>
    (await place.git("commit-tree", tree, "-p", parent, "-m", what)).trim();
  const kept: string[] = [];
  for (let at = 0; at < 100; at++) {
    const from = await place.oid("main");
    const to = await commitOn(from, `landing ${at}`);
    const mine = await commitOn(from, `commit ${at}`);
    const [landing, commit] = await Promise.all([
      moveTarget({ repo, target: "main", from, to, note: "switchyard land q-1" }),
      place.git("update-ref", "refs/heads/main", mine, from).catch(() => null),
    ]);
    // Exactly one of them, and who lost knows.
    const winner = landing.kind === "moved" ? to : mine;
    expect(landing.kind === "moved", `race ${at}`).toBe(commit === null);
    expect(await place.oid("main"), `race ${at}`).toBe(winner);
    kept.push(winner);
  }
  const history = await place.git("log", "--first-parent", "--format=%H", "main");
  expect(history.trim().split("\n").slice(0, -1)).toEqual(kept.toReversed());
});

for (const state of ["queued", "preparing", "checking", "landing"] as const) {
  test(`an entry that is taken out while it is ${state} is never half landed`, async () => {
    await using fixture = await createQueueFixture();
    const { place, queue } = fixture;
    const before = await place.oid("main");
    const entry = await fixture.queueWork({ "new.txt": "new\n" });
    let refusal: unknown = null;
    const remove = () => {
      try {
        queue.remove(entry.id);
      } catch (error) {
        refusal = error;
      }
    };
    using _taken = whenever(fixture, entry, state, remove);
    if (state === "queued") remove();
    await startQueue(fixture);
    const isTooLate = state === "landing";
    const ended = await untilState(fixture, entry.id, isTooLate ? "landed" : "removed");
    expect(refusal instanceof SwitchyardError).toBe(isTooLate);
    if (isTooLate) expect(refusal).toMatchObject({ code: "wrong-state" });
    await queue.dispose();
    expect(await place.oid("main")).toBe(isTooLate ? ended.candidate : before);
  });
}
