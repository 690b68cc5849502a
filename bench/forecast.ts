import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { forecastConflicts } from "../electron/core/git/forecast-conflicts.ts";
import { ForecastMemory } from "../electron/core/git/forecast-memory.ts";
import { mergeInQuarantine, type Pair } from "../electron/core/git/merge-in-quarantine.ts";
import { openRepository, type Repository, readStatus } from "../electron/core/git/repository.ts";
import { runGit } from "../electron/core/git/run-git.ts";
import { type InventedBranches, inventBranches } from "./invent-branches.ts";
import {
  type Bench,
  type BenchSurroundings,
  type Figure,
  figure,
  timeOnce,
  wanted,
} from "./measure.ts";

const BRANCHES = 25;
const USUAL = { branches: BRANCHES, commits: 3 };
/** They change so much that a good part of all pairs conflict. */
const CROWDED = { branches: 32, commits: 8 };
const RUNS = 9;
/** Of which every pair is merged, to see whether telling pairs by their paths misses a conflict. */
const SEEDS = [2, 3, 4, 5, 6, 7];

/** What a forecast costs beside one `git status`, what it misses, and what it leaves behind. */
export const forecast: Bench = {
  name: "forecast",
  async run(surroundings) {
    const folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-bench-"));
    try {
      return await measure(folder, surroundings);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measure(
  folder: string,
  { note, signal }: BenchSurroundings,
): Promise<readonly Figure[]> {
  const place = await open(folder, inventBranches(folder, 1, USUAL));
  note(`${place.files} files, ${BRANCHES} branches`);
  const before = await countObjects(place.repo);
  const look = (heads: readonly string[], memory: ForecastMemory) =>
    forecastConflicts({ ...place, heads, memory, signal });
  const status = async () => void (await readStatus(place.repo.root, "all", { signal }));

  const whole: number[] = [];
  const oneMore: number[] = [];
  const besideWhole: number[] = [];
  const besideOne: number[] = [];
  const [moved = "", ...others] = place.heads;
  await status();
  await look(place.heads, new ForecastMemory());
  for (let run = 0; run < RUNS; run++) {
    signal.throwIfAborted();
    besideWhole.push(await timeOnce(status));
    whole.push(await timeOnce(() => look(place.heads, new ForecastMemory())));
    const memory = new ForecastMemory();
    await look(place.heads, memory);
    const fresh = await commitOn(place.repo, moved, run);
    besideOne.push(await timeOnce(status));
    oneMore.push(await timeOnce(() => look([...others, fresh], memory)));
  }
  const left = (await countObjects(place.repo)) - before - RUNS;
  const { missed, conflicts, skipped, clean } = await findMissed(folder, { note, signal });
  const against = (runs: readonly number[]) => ({ what: "one git status", runs });
  return [
    wanted(
      figure(
        `forecast of ${BRANCHES} branches, ${pairsOf(BRANCHES)} pairs, ${place.files} files`,
        "ms",
        whole,
        against(besideWhole),
      ),
      "ratio",
      "at most",
      15,
      1,
    ),
    wanted(
      figure(
        `forecast of 1 branch that moved, beside ${BRANCHES - 1}`,
        "ms",
        oneMore,
        against(besideOne),
      ),
      "ratio",
      "at most",
      3,
      2,
    ),
    wanted(figure(`conflicts not forecast, of ${conflicts}`, "", [missed]), ...none(3)),
    figure("clean pairs told by their paths alone", "%", [Math.round((100 * skipped) / clean)]),
    wanted(figure("objects left in the repository", "", [left]), ...none(4)),
  ];
}

function none(row: number) {
  return ["median", "at most", 0, row] as const;
}

interface Place {
  readonly repo: Repository;
  readonly target: string;
  readonly heads: readonly string[];
  readonly files: number;
  readonly scratch: string;
}

async function open(folder: string, { root, refs, files }: InventedBranches): Promise<Place> {
  const repo = await openRepository(root);
  const read = async (ref: string) =>
    (await runGit(root, ["rev-parse", "--verify", ref])).stdout.trim();
  const heads: string[] = [];
  for (const ref of refs) heads.push(await read(ref));
  return { repo, target: await read("main"), heads, files, scratch: path.join(folder, "scratch") };
}

/** A commit that changes nothing but the head, by one object. */
async function commitOn({ root }: Repository, head: string, run: number): Promise<string> {
  const name = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const args = [...name, "commit-tree", `${head}^{tree}`, "-p", head, "-m", `run ${run}`];
  return (await runGit(root, args)).stdout.trim();
}

async function countObjects({ root }: Repository): Promise<number> {
  const { stdout } = await runGit(root, ["count-objects", "-v"]);
  const count = (what: string) => Number(new RegExp(`^${what}: (\\d+)`, "m").exec(stdout)?.[1]);
  return count("count") + count("in-pack");
}

async function findMissed(folder: string, { note, signal }: BenchSurroundings) {
  const found = { missed: 0, conflicts: 0, skipped: 0, clean: 0 };
  for (const seed of SEEDS) {
    const place = await open(folder, inventBranches(folder, seed, CROWDED));
    const memory = new ForecastMemory();
    const told = await forecastConflicts({ ...place, memory, signal });
    if (told.kind === "limited") throw new Error("this git cannot merge without a checkout");
    const conflicting = new Set(told.pairs.map(({ one, other }) => [one, other].join(" ")));
    const pairs = place.heads.flatMap((one, at) =>
      place.heads.slice(at + 1).map((other): Pair => [one, other]),
    );
    const merged = await mergeInQuarantine({ ...place, pairs, attributes: [], memory, signal });
    for (const [at, outcome] of (merged ?? []).entries()) {
      const [one = "", other = ""] = pairs[at] ?? [];
      const isTold = conflicting.has(`${one} ${other}`) || conflicting.has(`${other} ${one}`);
      if (outcome.kind === "clean") found.clean += 1;
      else {
        found.conflicts += 1;
        if (!isTold) found.missed += 1;
      }
    }
    found.skipped += pairs.length + place.heads.length - told.merges;
    note(`seed ${seed}: ${conflicting.size} of ${pairs.length} pairs conflict`);
  }
  return found;
}

function pairsOf(branches: number): number {
  return (branches * (branches - 1)) / 2 + branches;
}
