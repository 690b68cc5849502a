import type { Oid } from "../../../shared/model/ids.ts";
import { type BranchChanges, type ChangedPath, toBranchChanges } from "./branch-changes.ts";
import type { ForecastMemory } from "./forecast-memory.ts";
import { type Repository, splitZero } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** One side of a merge that is forecast. */
export interface Branch {
  readonly head: Oid;
  /** Its commits that the target does not have. */
  readonly own: ReadonlySet<Oid>;
  /** Its own changes and where it left the target; null where that is no single place among the newest commits of the target. */
  readonly since: { readonly place: number; readonly changes: BranchChanges } | null;
}

export interface Branches {
  readonly branches: readonly Branch[];
  /** Heads of which there is no commit. */
  readonly missing: ReadonlySet<Oid>;
  /** What the target itself changed between two places of its history, as one part for each stretch. */
  stretches(from: number, to: number): readonly BranchChanges[];
}

/** Beyond these a branch or a target has moved so far that looking for less work would be the work. */
const OWN_COMMITS_MAX = 20_000;
const FIRST_PARENTS_MAX = 2_000;
const FOLDER_MODE = "040000";

export interface BranchesRequest {
  readonly repo: Repository;
  readonly target: Oid;
  readonly heads: readonly Oid[];
  readonly memory: ForecastMemory;
  readonly signal?: AbortSignal | undefined;
}

/** Reads what each branch changed since it left the target. Nothing is merged and nothing written. */
export async function readBranches(request: BranchesRequest): Promise<Branches> {
  const parents = await readOwnCommits(request);
  const reached = request.heads.map((head) => ({ head, ...reach(head, parents) }));
  const missing = await findMissing(
    request,
    reached.filter(({ own }) => own.size === 0).map(({ head }) => head),
  );
  const found = reached.filter(({ head }) => !missing.has(head));
  const based: { head: Oid; own: ReadonlySet<Oid>; base: Oid | null }[] = [];
  for (const { head, own, left } of found)
    based.push({ head, own, base: await baseOf(request, head, own, left) });
  await readPlaces(request, new Set(based.flatMap(({ base }) => base ?? [])));

  const { memory, target } = request;
  const placeOf = (base: Oid) => memory.places.get(between(target, base)) ?? null;
  const bases = [...new Set(based.flatMap(({ base }) => base ?? [])), target];
  const placed = Map.groupBy(bases, placeOf);
  placed.delete(null);
  // From the oldest place to the target, each with the next newer one.
  const places = [...placed]
    .flatMap(([place, [oid]]) => (place === null || oid === undefined ? [] : [{ place, oid }]))
    .toSorted((a, b) => b.place - a.place);
  const steps = places.slice(1).map((newer, at) => ({ older: places[at] ?? newer, newer }));
  const wanted = [
    ...steps.map(({ older, newer }) => [older.oid, newer.oid] as const),
    ...based.flatMap(({ head, base, own }) =>
      base !== null && own.size > 0 ? [[base, head] as const] : [],
    ),
  ];
  const changes = await readChanges(request, wanted);
  const changesOf = (from: Oid, to: Oid) => changes.get(between(from, to)) ?? NO_CHANGES;
  return {
    missing,
    branches: based.map(({ head, own, base }) => {
      const place = base === null ? null : placeOf(base);
      const since =
        base === null || place === null ? null : { place, changes: changesOf(base, head) };
      return { head, own, since };
    }),
    stretches: (from, to) =>
      steps
        .filter(({ older, newer }) => older.place <= from && newer.place >= to)
        .map(({ older, newer }) => changesOf(older.oid, newer.oid)),
  };
}

export const NO_CHANGES = toBranchChanges([]);

export function changesOf({ since }: Branch): BranchChanges {
  return since?.changes ?? NO_CHANGES;
}

/** The commits that the target does not have, each with its parents; null when they are too many. */
async function readOwnCommits({
  repo,
  target,
  heads,
  signal,
}: BranchesRequest): Promise<ReadonlyMap<Oid, readonly Oid[]> | null> {
  const args = [
    "rev-list",
    "--ignore-missing",
    "--parents",
    `--max-count=${OWN_COMMITS_MAX}`,
    "--stdin",
  ];
  const input = [...heads, `^${target}`].map((line) => `${line}\n`).join("");
  const { stdout } = await runGit(repo.commonDir, args, {
    signal,
    input,
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  const parents = new Map<Oid, readonly Oid[]>();
  for (const line of stdout.split("\n")) {
    const [commit, ...above] = line.split(" ");
    if (commit) parents.set(commit, above);
  }
  return parents.size < OWN_COMMITS_MAX ? parents : null;
}

/** `left`: the commits of the target right below its own; null where that is not known. */
function reach(
  head: Oid,
  parents: ReadonlyMap<Oid, readonly Oid[]> | null,
): { readonly own: ReadonlySet<Oid>; readonly left: ReadonlySet<Oid> | null } {
  if (parents === null) return { own: new Set([head]), left: null };
  const own = new Set<Oid>();
  const left = new Set<Oid>();
  const next = [head];
  for (let commit = next.pop(); commit !== undefined; commit = next.pop()) {
    const above = parents.get(commit);
    if (above === undefined) left.add(commit);
    else if (!own.has(commit)) {
      own.add(commit);
      next.push(...above);
    }
  }
  return { own, left };
}

/** A head with no commit of its own is on the target already, or is not there at all. */
async function findMissing(
  { repo, signal }: BranchesRequest,
  heads: readonly Oid[],
): Promise<ReadonlySet<Oid>> {
  if (heads.length === 0) return new Set();
  const input = heads.map((head) => `${head}\n`).join("");
  const args = ["cat-file", "--batch-check=%(objecttype)"];
  const { stdout } = await runGit(repo.commonDir, args, { signal, input });
  const types = stdout.split("\n");
  return new Set(heads.filter((_, at) => types[at] !== "commit"));
}

async function baseOf(
  { repo, target, memory, signal }: BranchesRequest,
  head: Oid,
  own: ReadonlySet<Oid>,
  left: ReadonlySet<Oid> | null,
): Promise<Oid | null> {
  if (own.size === 0) return target;
  const [only, ...more] = left ?? [];
  if (only !== undefined && more.length === 0) return only;
  const known = memory.bases.get(between(target, head));
  if (known !== undefined) return known;
  const args = ["merge-base", "--all", target, head];
  const found = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1] });
  const [base, ...others] = found.stdout.split("\n").filter(Boolean);
  const one = base !== undefined && others.length === 0 ? base : null;
  memory.bases.set(between(target, head), one);
  return one;
}

async function readPlaces(
  { repo, target, memory, signal }: BranchesRequest,
  bases: ReadonlySet<Oid>,
): Promise<void> {
  memory.places.set(between(target, target), 0);
  const unknown = [...bases].filter(
    (base) => memory.places.get(between(target, base)) === undefined,
  );
  if (unknown.length === 0) return;
  const args = ["rev-list", "--first-parent", `--max-count=${FIRST_PARENTS_MAX}`, target];
  const { stdout } = await runGit(repo.commonDir, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  const chain = new Map(stdout.split("\n").map((oid, at) => [oid, at]));
  for (const base of unknown) memory.places.set(between(target, base), chain.get(base) ?? null);
}

async function readChanges(
  { repo, memory, signal }: BranchesRequest,
  wanted: readonly (readonly [from: Oid, to: Oid])[],
): Promise<ReadonlyMap<string, BranchChanges>> {
  const found = new Map<string, BranchChanges>();
  const asked: (readonly [from: Oid, to: Oid])[] = [];
  for (const [from, to] of wanted) {
    const known = memory.changes.get(between(from, to));
    if (known) found.set(between(from, to), known);
    else asked.push([from, to]);
  }
  if (asked.length === 0) return found;
  // A commit and what to take as its parent: the difference between the two, folders too, below the commit's name.
  const input = asked.map(([from, to]) => `${to} ${from}\n`).join("");
  const args = ["diff-tree", "--stdin", "-r", "-t", "-z", "--no-renames", "--raw"];
  const told = await runGit(repo.commonDir, args, { signal, input, timeoutMs: WRITE_TIMEOUT_MS });
  const changed = readDiffs(told.stdout);
  for (const [from, to] of asked) {
    const changes = toBranchChanges(changed.get(to) ?? []);
    memory.changes.set(between(from, to), changes);
    found.set(between(from, to), changes);
  }
  return found;
}

function readDiffs(stdout: string): ReadonlyMap<Oid, readonly ChangedPath[]> {
  const diffs = new Map<Oid, ChangedPath[]>();
  let current: ChangedPath[] = [];
  const fields = splitZero(stdout);
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? "";
    if (!field.startsWith(":")) {
      current = [];
      diffs.set(field, current);
      continue;
    }
    at += 1;
    const [oldMode = "", newMode = "", , , status = ""] = field.slice(1).split(" ");
    const isFolder = (status === "D" ? oldMode : newMode) === FOLDER_MODE;
    current.push({ status, path: fields[at] ?? "", isFolder });
  }
  return diffs;
}

function between(from: Oid, to: Oid): string {
  return `${from} ${to}`;
}
