import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import type { AttributesFile, ForecastMemory, MergeForecast } from "./forecast-memory.ts";
import { UNKNOWN_OPTION } from "./probe-git.ts";
import { type Repository, splitZero } from "./repository.ts";
import { GitError, type GitResult, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

export type Pair = readonly [one: Oid, other: Oid];

export interface QuarantineRequest {
  readonly repo: Repository;
  readonly pairs: readonly Pair[];
  /** The merge attributes that count, whatever is checked out anywhere. */
  readonly attributes: readonly AttributesFile[];
  /** A folder for what git writes; it is made, and what was put into it is gone afterwards. */
  readonly scratch: string;
  readonly memory: ForecastMemory;
  readonly signal?: AbortSignal | undefined;
}

/** So that the deadline of one git is that of so many merges. */
const BATCH_MAX = 100;
/** A commit at which git stopped so often is not asked about again in this forecast. */
const STOPS_MAX = 2;
/** Nothing here outlives the forecast, so nothing needs to survive a power cut. */
const SHORT_LIVED = ["-c", "core.fsync=none"];

/**
 * Merges each pair, in the order given, without a checkout and without leaving an object in the repository: all that git writes goes
 * into a folder that is deleted. Null when this git cannot merge without a checkout.
 */
export async function mergeInQuarantine(
  request: QuarantineRequest,
): Promise<readonly MergeForecast[] | null> {
  await using place = await openQuarantine(request);
  const outcomes: MergeForecast[] = [];
  const stops = new Map<Oid, number>();
  const merged = new Set<Oid>();
  const isBad = (pair: Pair) =>
    pair.some((oid) => (stops.get(oid) ?? 0) >= STOPS_MAX && !merged.has(oid));
  while (outcomes.length < request.pairs.length) {
    const [next, ...rest] = request.pairs.slice(outcomes.length, outcomes.length + BATCH_MAX);
    if (!next) break;
    if (isBad(next)) {
      outcomes.push(unknown("git stopped at one of these commits again and again"));
      continue;
    }
    const until = rest.findIndex(isBad);
    const batch = [next, ...(until < 0 ? rest : rest.slice(0, until))];
    const told = await mergeBatch(request, place, batch);
    if (told === null) return null;
    outcomes.push(...told.outcomes);
    for (const oid of batch.slice(0, told.outcomes.length).flat()) merged.add(oid);
    const stoppedAt = batch[told.outcomes.length];
    if (!stoppedAt || told.stop === null) continue;
    // One bad commit ends the whole batch: it is named, and the batch goes on behind it.
    outcomes.push(unknown(told.stop));
    for (const oid of stoppedAt) stops.set(oid, (stops.get(oid) ?? 0) + 1);
  }
  return outcomes;
}

interface Quarantine extends AsyncDisposable {
  readonly tree: string;
  readonly env: Readonly<Record<string, string>>;
}

async function openQuarantine(request: QuarantineRequest): Promise<Quarantine> {
  const { repo, attributes, scratch } = request;
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, "forecast-"));
  const dispose = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const objects = join(folder, "objects");
  // git reads merge attributes from the checkout it runs in: this one holds the target's, and nothing else.
  const tree = join(folder, "tree");
  try {
    await mkdir(objects);
    await mkdir(tree);
    for (const { path, content } of attributes) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), content);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    tree,
    env: {
      GIT_DIR: repo.commonDir,
      GIT_WORK_TREE: tree,
      GIT_INDEX_FILE: join(folder, "index"),
      GIT_OBJECT_DIRECTORY: objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteForList(join(repo.commonDir, "objects")),
      // What a partial clone left at its remote is not fetched for a forecast; git before 2.44 knows only the second way.
      GIT_NO_LAZY_FETCH: "1",
      GIT_ALLOW_PROTOCOL: "none",
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** One path of a list of paths: git takes a quoted one as it is, also with the list's own separator in it. */
function quoteForList(path: string): string {
  if (!path.includes(delimiter) && !path.startsWith('"')) return path;
  return `"${path.replace(/[\\"]/g, "\\$&")}"`;
}

interface Batch {
  readonly outcomes: readonly MergeForecast[];
  /** Why git stopped at the pair that comes next; null when it did not. */
  readonly stop: string | null;
}

async function mergeBatch(
  request: QuarantineRequest,
  place: Quarantine,
  pairs: readonly Pair[],
): Promise<Batch | null> {
  const { memory } = request;
  if (memory.mergeTree === "none") return null;
  if (memory.mergeTree === "one") return mergeOne(request, place, pairs);
  const input = pairs.map((pair) => `${pair.join(" ")}\n`).join("");
  const result = await mergeTree(request, place, ["--stdin"], input);
  if (result.exitCode === UNKNOWN_OPTION) {
    memory.mergeTree = "one";
    return mergeOne(request, place, pairs);
  }
  memory.mergeTree = "many";
  const outcomes = readMany(result.stdout);
  return { outcomes, stop: outcomes.length < pairs.length ? reasonOf(result) : null };
}

/** git 2.38 merges without a checkout, one pair a process. */
async function mergeOne(
  request: QuarantineRequest,
  place: Quarantine,
  [pair]: readonly Pair[],
): Promise<Batch | null> {
  if (!pair) return { outcomes: [], stop: null };
  const result = await mergeTree(request, place, [...pair]);
  if (result.exitCode === UNKNOWN_OPTION) {
    request.memory.mergeTree = "none";
    return null;
  }
  const [tree = "", ...files] = splitZero(result.stdout);
  // Exit code 1 is a conflict only when a tree was written; git gives it for a commit that is missing, too.
  const isAnswer = /^[0-9a-f]{40,64}$/.test(tree) && result.exitCode <= 1;
  if (!isAnswer) return { outcomes: [], stop: reasonOf(result) };
  return { outcomes: [toForecast(result.exitCode === 0, files)], stop: null };
}

function mergeTree(
  { signal }: QuarantineRequest,
  { tree, env }: Quarantine,
  args: readonly string[],
  input = "",
): Promise<GitResult> {
  const how = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"];
  return runGit(tree, [...SHORT_LIVED, ...how, ...args], {
    signal,
    env,
    input,
    okExitCodes: [0, 1, 128, UNKNOWN_OPTION],
    timeoutMs: WRITE_TIMEOUT_MS,
  });
}

/**
 * Each merge is told as its status, its tree and the files in conflict, ended by an empty field. The status is the other way round
 * than the exit code: 1 is clean. What git had begun to tell when it stopped does not count.
 */
function readMany(stdout: string): readonly MergeForecast[] {
  const outcomes: MergeForecast[] = [];
  let told: string[] = [];
  for (const field of stdout.split("\0").slice(0, -1)) {
    if (field !== "") {
      told.push(field);
      continue;
    }
    const [status, tree, ...files] = told;
    if ((status !== "0" && status !== "1") || tree === undefined)
      throw new GitError(["merge-tree", "--stdin"], {
        exitCode: 0,
        stderr: `unexpected output: ${told.join(" ")}`,
      });
    outcomes.push(toForecast(status === "1", files));
    told = [];
  }
  return outcomes;
}

function toForecast(isClean: boolean, files: readonly string[]): MergeForecast {
  return isClean ? { kind: "clean" } : { kind: "conflict", files: [...new Set(files)] };
}

function unknown(reason: string): MergeForecast {
  return { kind: "unknown", reason };
}

function reasonOf({ stderr, exitCode }: GitResult): string {
  const line = stderr.split("\n").find((each) => each.trim() !== "");
  return line ?? `git ended with exit code ${exitCode}`;
}
