import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { arrange } from "../e2e/soak/queue/arrange.ts";
import { KillableQueue } from "../e2e/soak/queue/killable-queue.ts";
import { findScenario } from "../e2e/soak/queue/queue-scenarios.ts";
import { openWorld } from "../e2e/soak/queue/queue-world.ts";
import { runOnce } from "../e2e/soak/queue/random-runs.ts";
import { buildCandidate, type CandidateRequest } from "../electron/core/git/candidate.ts";
import { openPoolWorktree, switchPool } from "../electron/core/git/pool-worktree.ts";
import { openRepository, type Repository, readStatus } from "../electron/core/git/repository.ts";
import { runGit } from "../electron/core/git/run-git.ts";
import { fillQueue, openQueue, untilEntry } from "../electron/core/merge-queue/queue-fixture.ts";
import { inventBranches } from "./invent-branches.ts";
import {
  type Bench,
  type BenchSurroundings,
  type Figure,
  figure,
  timeOnce,
  wanted,
} from "./measure.ts";

const USUAL = { branches: 25, commits: 3 };
const RUNS = 9;
const CHECK_MS = 60_000;
/** Runs in which a core is killed two to five times while a person works beside it. */
const KILLED_RUNS = 5;
const FILES = 5_000;
/** Effects of a landing at which a core is killed to see how soon the next is at work: from its build to its end. */
const KILLS_AT = [40, 60, 75, 85, 95, 105, 115];

/** What the merge queue does around the checks, on a repository of 6,000 files; and what a kill costs. */
export const queueLanding: Bench = {
  name: "queue-landing",
  async run(surroundings) {
    const folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-bench-"));
    try {
      const invented = inventBranches(folder, 1, USUAL);
      const repo = await openRepository(invented.root);
      const heads = await Promise.all(invented.refs.map((ref) => resolve(repo, ref)));
      return [
        ...(await measureParts(repo, heads, folder, surroundings)),
        await measureLandings(repo, heads, folder, surroundings),
        ...(await measureKills(surroundings)),
        await measureRecovery(surroundings),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Rows 5 and 6: at most 12, and at most 0.1. */
async function measureParts(
  repo: Repository,
  heads: readonly string[],
  folder: string,
  { note, signal }: BenchSurroundings,
): Promise<readonly Figure[]> {
  note("candidates and pool worktrees");
  const base = await resolve(repo, "refs/heads/main");
  const pool = await openPoolWorktree(repo, path.join(folder, "pool"), base, signal);
  const asked = { repo, poolWorktree: pool.path, base, policy: "merge" } as const;
  const candidates: number[] = [];
  const spawns: number[] = [];
  const switches: number[] = [];
  const fresh: number[] = [];
  const commits: string[] = [];
  for (const head of heads) {
    const request: CandidateRequest = { ...asked, head, ...MESSAGE, signal };
    const startedAt = performance.now();
    const outcome = await buildCandidate(request);
    if (outcome.kind !== "built") continue;
    candidates.push(performance.now() - startedAt);
    spawns.push(await timeOnce(() => resolve(repo, "HEAD")));
    commits.push(outcome.commit);
  }
  for (const [at, commit] of commits.slice(0, RUNS).entries()) {
    switches.push(await timeOnce(() => switchPool(pool, commit, signal)));
    const place = path.join(folder, `fresh-${at}`);
    fresh.push(await timeOnce(() => openPoolWorktree(repo, place, commit, signal)));
  }
  return [
    wanted(
      figure("candidate of a branch", "ms", candidates.slice(1), {
        what: "one git rev-parse",
        runs: spawns.slice(1),
      }),
      ...atMost(12, 5),
    ),
    wanted(
      figure("switch of a pool worktree", "ms", switches, {
        what: "a fresh worktree",
        runs: fresh,
      }),
      ...atMost(0.1, 6),
    ),
  ];
}

function atMost(value: number, row: number) {
  return ["ratio", "at most", value, row] as const;
}

const MESSAGE = {
  message: "measured",
  trailers: ["Switchyard-Entry: q-1"],
  fallback: { name: "Ada", email: "ada@example.com" },
};

/** Row 12: one at a time, without checks, beside a check of a minute; at most 0.02. */
async function measureLandings(
  repo: Repository,
  heads: readonly string[],
  folder: string,
  { note, signal }: BenchSurroundings,
): Promise<Figure> {
  note("landings without checks");
  const { store, queue } = openQueue(path.join(folder, "home"), undefined, 1);
  try {
    fillQueue(store, repo.root, heads, { checks: [], withoutChecks: true });
    const took: number[] = [];
    let lastMs = performance.now();
    const stop = store.onCommit(({ touched }) => {
      for (const id of touched.entries) {
        if (store.entries.find(id)?.state !== "landed") continue;
        took.push(performance.now() - lastMs);
        lastMs = performance.now();
      }
    });
    await queue.settle(signal);
    for (const { id } of store.entries.list())
      await untilEntry(store, id, ({ state }) => /landed|returned/.test(state));
    stop();
    const runs = took.slice(1);
    const landing = figure("one landing, without checks", "ms", runs, {
      what: "a check of a minute",
      runs: runs.map(() => CHECK_MS),
    });
    return wanted(landing, ...atMost(0.02, 12));
  } finally {
    await queue.dispose();
    store.close();
  }
}

/** Row 13: at most one, and none. */
async function measureKills({ note, signal }: BenchSurroundings): Promise<readonly Figure[]> {
  await using killable = new KillableQueue();
  const lost: number[] = [];
  const violations: number[] = [];
  for (let run = 1; run <= KILLED_RUNS; run++) {
    signal.throwIfAborted();
    note(`cores that are killed, run ${run} of ${KILLED_RUNS}`);
    const report = await runOnce(killable, run);
    lost.push(report.lostRuns / Math.max(1, report.kills));
    violations.push(report.violations.length);
  }
  return [
    wanted(figure("check runs lost a kill", "runs", lost), "every run", "at most", 1, 13),
    wanted(
      figure("what does not hold after it", "violations", violations),
      "every run",
      "at most",
      0,
      13,
    ),
  ];
}

/** Row 14: at most 20. */
async function measureRecovery({ note, signal }: BenchSurroundings): Promise<Figure> {
  note(`recovery in a repository of ${FILES} files`);
  const files = Object.fromEntries(
    Array.from({ length: FILES }, (_, n) => [`src/part-${n % 100}/file-${n}.ts`, `${n}\n`]),
  );
  const scenario = findScenario("a checked-out target");
  await using arranged = await arrange(scenario, files);
  await using killable = new KillableQueue();
  const { folder, repo } = arranged.place;
  const recoveries: number[] = [];
  const looks: number[] = [];
  for (const killAt of KILLS_AT) {
    signal.throwIfAborted();
    arranged.restore();
    await killable.run({ folder, scenario: scenario.name, killAt });
    looks.push(await timeOnce(() => readStatus(repo.root, "all", { signal })));
    const startedAt = performance.now();
    await using world = openWorld(folder, scenario);
    await world.queue.settle(signal);
    recoveries.push(performance.now() - startedAt);
  }
  const recovery = figure("killed core to a queue at work", "ms", recoveries, {
    what: "git status",
    runs: looks,
  });
  return wanted(recovery, ...atMost(20, 14));
}

async function resolve(repo: Repository, ref: string): Promise<string> {
  return (await runGit(repo.root, ["rev-parse", "--verify", ref])).stdout.trim();
}
