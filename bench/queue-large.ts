import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildCandidate } from "../electron/core/git/candidate.ts";
import { forecastConflicts } from "../electron/core/git/forecast-conflicts.ts";
import { ForecastMemory } from "../electron/core/git/forecast-memory.ts";
import { openPoolWorktree, switchPool } from "../electron/core/git/pool-worktree.ts";
import { openRepository, type Repository, readStatus } from "../electron/core/git/repository.ts";
import { runGit } from "../electron/core/git/run-git.ts";
import {
  check,
  fillQueue,
  openQueue,
  untilEntry,
} from "../electron/core/merge-queue/queue-fixture.ts";
import { inventWideRepository } from "./invent-wide-repository.ts";
import { type Bench, type BenchSurroundings, type Figure, figure, timeOnce } from "./measure.ts";

const FILES = 300_000;
const BRANCHES = 25;
const RUNS = 3;
const MB = 1024 * 1024;

/** The merge queue's own work in a repository of hundreds of thousands of files, beside a `git status` of the same repository. */
export const queueLarge: Bench = {
  name: "queue-large",
  async run(surroundings) {
    const folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-bench-"));
    try {
      surroundings.note(`${FILES} files, ${BRANCHES} branches`);
      const shape = { files: FILES, branches: BRANCHES, conflictEvery: 10, redEvery: BRANCHES + 1 };
      const { root, refs } = inventWideRepository(folder, shape);
      const heads = (await runGit(root, ["rev-parse", ...refs])).stdout.trim().split("\n");
      const place: Place = { repo: await openRepository(root), heads, folder };
      const before = process.memoryUsage().rss;
      const figures = await measure(place, surroundings);
      const grown = Math.max(0, process.memoryUsage().rss - before) / MB;
      return [...figures, figure("memory that the queue took for it", "MB", [grown])];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly repo: Repository;
  readonly heads: readonly string[];
  readonly folder: string;
}

async function measure(place: Place, surroundings: BenchSurroundings): Promise<readonly Figure[]> {
  const { repo } = place;
  const { signal } = surroundings;
  const status = () => timeOnce(() => readStatus(repo.root, "all", { signal }));
  await status();
  return [
    ...(await measureParts(place, status, surroundings)),
    await measureLandings(place, status, surroundings),
  ];
}

type Status = () => Promise<number>;

async function measureParts(
  { repo, heads, folder }: Place,
  status: Status,
  { note, signal }: BenchSurroundings,
): Promise<readonly Figure[]> {
  note("a forecast, candidates and the pool worktree");
  const target = (await runGit(repo.root, ["rev-parse", "main"])).stdout.trim();
  let pool = { path: path.join(folder, "pool") } as Awaited<ReturnType<typeof openPoolWorktree>>;
  const first = await timeOnce(async () => {
    pool = await openPoolWorktree(repo, pool.path, target, signal);
  });
  const times = { status: [] as number[], forecast: [] as number[], candidate: [] as number[] };
  const switches: number[] = [];
  for (const head of heads.slice(0, RUNS)) {
    signal.throwIfAborted();
    times.status.push(await status());
    const memory = new ForecastMemory();
    const scratch = path.join(folder, "scratch");
    const asked = { repo, target, heads, scratch, memory, signal };
    times.forecast.push(await timeOnce(() => forecastConflicts(asked)));
    const wanted = { repo, poolWorktree: pool.path, base: target, policy: "merge", head } as const;
    const startedAt = performance.now();
    const built = await buildCandidate({ ...wanted, ...MESSAGE, signal });
    times.candidate.push(performance.now() - startedAt);
    if (built.kind !== "built") throw new Error(`${head} was not built: ${built.kind}`);
    switches.push(await timeOnce(() => switchPool(pool, built.commit, signal)));
  }
  const beside = { what: "git status", runs: times.status };
  const pairs = (BRANCHES * (BRANCHES + 1)) / 2;
  return [
    figure(`forecast of ${BRANCHES} branches, ${pairs} pairs`, "ms", times.forecast, beside),
    figure("candidate of a branch", "ms", times.candidate, beside),
    figure("switch of a pool worktree", "ms", switches, {
      what: "a fresh worktree",
      runs: switches.map(() => first),
    }),
  ];
}

const MESSAGE = {
  message: "measured",
  trailers: ["Switchyard-Entry: q-1"],
  fallback: { name: "Ada", email: "ada@example.com" },
};

/** One at a time, with a check that is over at once, into the checkout that a person has of the target. */
async function measureLandings(
  { repo, heads, folder }: Place,
  status: Status,
  { note, signal }: BenchSurroundings,
): Promise<Figure> {
  note("landings into the checkout");
  const { store, queue } = openQueue(path.join(folder, "home"), undefined, 1);
  try {
    const took: number[] = [];
    const looks: number[] = [];
    fillQueue(store, repo.root, heads.slice(0, RUNS + 1), { checks: [check("test -e a.txt")] });
    let lastMs = performance.now();
    const settling = queue.settle(signal);
    for (const { id } of store.entries.list()) {
      const { state, reason } = await untilEntry(store, id, (entry) =>
        /landed|returned|held/.test(entry.state),
      );
      if (state !== "landed") throw new Error(`${id} is ${state}: ${reason}`);
      took.push(performance.now() - lastMs);
      lastMs = performance.now();
    }
    await settling;
    for (let run = 1; run < took.length; run++) looks.push(await status());
    return figure("one landing, its check and all", "ms", took.slice(1), {
      what: "git status",
      runs: looks,
    });
  } finally {
    await queue.dispose();
    store.close();
  }
}
