import type { Files } from "../../../electron/core/git/test-repository.ts";
import { auditQueue } from "../../audit/audit-queue.ts";
import { readRows } from "../../audit/read-rows.ts";
import { createRandom, type Random } from "../random.ts";
import { type Arranged, arrange, countRuns } from "./arrange.ts";
import { endThoseIn } from "./descendants.ts";
import type { KillableQueue } from "./killable-queue.ts";
import { MADE_UP, type Scenario, untilRest } from "./queue-scenarios.ts";
import { APP, openWorld, type QueueWorld } from "./queue-world.ts";
import { RacingPerson } from "./racing-person.ts";

const KILLS = [2, 5] as const;
/** Far enough that some cores come to their end before they would die. */
const LAST_EFFECT = 160;
const LONGEST_MS = 1_500;
/** A held or paused queue goes on when the person says so; more often than this it does not want to. */
const NUDGES_MAX = 4;
const SETTLES_WITHIN_MS = 90_000;

export interface RunReport {
  readonly violations: readonly string[];
  readonly kills: number;
  /** Runs of checks that were begun and gave no verdict. */
  readonly lostRuns: number;
  readonly landed: number;
  /** From a core's start, after it was killed, to its queue being at work. */
  readonly recoveryMs: number;
  /** Why the person had to tell the queue to go on. */
  readonly nudges: readonly string[];
  readonly person: Readonly<Record<string, number>>;
}

/** A made-up queue whose core is killed some times while a person works in the same repository; then one that is left alone. */
export async function runOnce(killable: KillableQueue, seed: number): Promise<RunReport> {
  const random = createRandom(seed);
  const scenario = makeUp(random);
  await using arranged = await arrange(scenario);
  const { folder, repo } = arranged.place;
  const person = new RacingPerson(repo.root, createRandom(seed + 1));
  let kills = 0;
  for (let left = random.between(...KILLS); left > 0; left -= 1) {
    const isAtEffect = random.next() < 0.5;
    const within = { ms: random.between(1, LONGEST_MS), takesGit: random.next() < 0.5 };
    const killAt = isAtEffect ? random.between(1, LAST_EFFECT) : 0;
    const order = { folder, scenario: MADE_UP, killAt };
    const ended = await killable.run(isAtEffect ? order : { ...order, within }).catch(String);
    if (ended === null) kills += 1;
    endThoseIn(`${folder}/home/worktrees`);
  }
  await person.leave();
  const end = await finish(arranged);
  const { verdicts } = readRows(`${folder}/home`, repo.root, "main");
  const lostRuns = countRuns(arranged) - verdicts.length;
  const violations = [
    ...end.wrong,
    ...(await person.judge()),
    ...audit(arranged, scenario),
    ...(lostRuns > kills ? [`I7: ${kills} kills lost ${lostRuns} check runs`] : []),
  ];
  return { ...end, violations, kills, lostRuns, person: person.did };
}

function makeUp(random: Random): Scenario {
  const count = random.between(2, 6);
  const bad = random.next() < 0.5 ? random.between(0, count - 1) : -1;
  const work = Array.from({ length: count }, (_, at): Files => {
    const own = { [`work-${at}.txt`]: `${at}\n`.repeat(random.between(1, 400)) };
    if (at === bad) return { ...own, "bad.txt": "bad\n" };
    return random.next() < 0.3 ? { ...own, [`folder-${at}/deep.txt`]: "deep\n" } : own;
  });
  const state = (at: number) => (at === bad ? "returned" : "landed");
  return {
    name: MADE_UP,
    work,
    check: `sleep 0.0${random.between(1, 9)}; test ! -e bad.txt`,
    land: random.pick(["merge", "squash", "rebase"] as const) ?? "merge",
    checkedOut: random.next() < 0.5 ? "main" : "elsewhere",
    dirty: { "b.txt": "mine\n", "loose.txt": "loose\n" },
    states: Object.fromEntries(work.map((_, at) => [`q-${at + 1}`, state(at)])),
  };
}

async function finish({ scenario, place }: Arranged) {
  await using world = openWorld(place.folder, scenario);
  const startedAt = performance.now();
  await world.queue.settle(new AbortController().signal);
  const recoveryMs = performance.now() - startedAt;
  const nudges: string[] = [];
  const wrong: string[] = [];
  const limit = AbortSignal.timeout(SETTLES_WITHIN_MS);
  const gone = new Promise<never>((_, reject) => {
    limit.addEventListener("abort", () => reject(new Error("it does not come to rest")));
  });
  try {
    await Promise.race([settleAll(world, nudges), gone]);
  } catch (error) {
    wrong.push(`I7: ${String(error)}`);
  }
  const entries = world.store.entries.list();
  for (const { id, state, reason } of entries) {
    const wanted = scenario.states[id];
    if (state !== wanted) wrong.push(`${id} is ${state} (${reason}), not ${wanted}`);
  }
  const landed = entries.filter(({ state }) => state === "landed").length;
  return { recoveryMs, nudges, wrong, landed };
}

/** As a person would who finds the queue waiting for them. */
async function settleAll(world: QueueWorld, nudges: string[]): Promise<void> {
  const { store, queue } = world;
  for (;;) {
    await untilRest(world).catch(() => undefined);
    const project = store.projects.find(APP);
    const held = store.entries.list({ isOpen: true }).filter(({ state }) => state === "held");
    if (project?.queue.state !== "paused" && held.length === 0) return;
    if (nudges.length === NUDGES_MAX) return;
    nudges.push(project?.queue.reason ?? held[0]?.reason ?? "no reason");
    if (project?.queue.state === "paused") queue.resume(APP);
    for (const { id } of held) {
      if (store.entries.find(id)?.state === "held") queue.retry(id);
    }
  }
}

function audit({ place, before, branches }: Arranged, { check }: Scenario): readonly string[] {
  return auditQueue({
    home: `${place.folder}/home`,
    repository: place.repo.root,
    target: "main",
    start: before,
    check: ["sh", "-c", check],
    // The person's own moves are judged by what they did.
    person: null,
    branches,
  });
}
