import type { Clash, Forecast, ForecastBranch } from "../../../shared/model/forecast.ts";
import type { EntryId, Instant, Oid, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { isOpen, type QueueEntry } from "../../../shared/model/queue-entry.ts";
import type { Task } from "../../../shared/model/task.ts";

/** A branch that is forecast. What is queued counts as it was queued, whatever its branch says by now. */
export interface WatchedBranch {
  readonly task: TaskId;
  readonly entry: EntryId | null;
  readonly branch: string;
  /** Null: as the branch stands. */
  readonly queuedHead: Oid | null;
}

/** More are worked on in no project, and the pairs grow with the square of it. */
export const BRANCHES_MAX = 100;
/** As many as anybody reads of one pair. */
const FILES_MAX = 20;

/** What a task's branch holds in these is still to land. */
export const HAS_WORK: readonly Task["status"][] = [
  "running",
  "needs-input",
  "parked",
  "ready",
  "waiting",
  "queued",
];

/** The branches of a project that are to land: first what is queued in its order, then what is worked on, the oldest first. */
export function planWatched(view: {
  readonly entries: readonly Pick<
    QueueEntry,
    "id" | "task" | "branch" | "head" | "state" | "position"
  >[];
  readonly tasks: readonly Pick<Task, "id" | "status" | "branch">[];
}): readonly WatchedBranch[] {
  const queued = view.entries
    .filter(({ state }) => isOpen(state))
    .toSorted((a, b) => a.position - b.position)
    .map(({ id, task, branch, head }) => ({ task, entry: id, branch, queuedHead: head }));
  const known = new Set(queued.map(({ task }) => task));
  const worked = view.tasks
    .toSorted((a, b) => taskNumber(a.id) - taskNumber(b.id))
    .flatMap(({ id, status, branch }) =>
      branch === null || known.has(id) || !HAS_WORK.includes(status)
        ? []
        : [{ task: id, entry: null, branch, queuedHead: null }],
    );
  return [...queued, ...worked];
}

/** What git says of two commits. */
export type HeadOutcome =
  | { readonly kind: "clean" }
  | { readonly kind: "conflict"; readonly files: readonly string[] }
  | { readonly kind: "unknown"; readonly reason: string };

export interface HeadsForecast {
  readonly withTarget: ReadonlyMap<Oid, HeadOutcome>;
  readonly pairs: readonly {
    readonly one: Oid;
    readonly other: Oid;
    readonly outcome: HeadOutcome;
  }[];
}

/** Tells of branches and tasks what git told of commits: two tasks can stand at one commit. */
export function toClashes(
  branches: readonly ForecastBranch[],
  { withTarget, pairs }: HeadsForecast,
): readonly Clash[] {
  const byHead = Map.groupBy(branches, ({ head }) => head);
  const order = new Map(branches.map(({ task }, at) => [task, at]));
  const placeOf = (task: TaskId) => order.get(task) ?? 0;
  const ofTarget = branches.flatMap(({ task, head }) =>
    toClash(task, null, withTarget.get(head) ?? { kind: "clean" }),
  );
  const ofPairs = pairs.flatMap(({ one, other, outcome }) =>
    (byHead.get(one) ?? []).flatMap((first) =>
      (byHead.get(other) ?? []).flatMap((second) => {
        const [a, b] =
          placeOf(first.task) < placeOf(second.task) ? [first, second] : [second, first];
        return toClash(a.task, b.task, outcome);
      }),
    ),
  );
  const inOrder = ofPairs.toSorted(
    (a, b) =>
      placeOf(a.one) - placeOf(b.one) || placeOf(a.other ?? a.one) - placeOf(b.other ?? b.one),
  );
  return [...ofTarget, ...inOrder];
}

function toClash(one: TaskId, other: TaskId | null, outcome: HeadOutcome): readonly Clash[] {
  if (outcome.kind === "clean") return [];
  if (outcome.kind === "unknown")
    return [{ one, other, problem: outcome.reason, files: [], count: 0 }];
  const { files } = outcome;
  return [{ one, other, problem: null, files: files.slice(0, FILES_MAX), count: files.length }];
}

/**
 * The pairs of tasks of which one is better done after the other. A branch that clashes with the target has to take that in first: what it
 * clashes with there it clashes with in each younger branch too, whatever that one changes itself.
 */
export function listOwnClashes(
  clashes: readonly Clash[],
): readonly (Clash & { readonly other: TaskId })[] {
  const withTarget = new Map(
    clashes.flatMap((each) => (each.other === null ? [[each.one, each]] : [])),
  );
  const isOfTarget = ({ files, count }: Clash, task: TaskId) => {
    const known = withTarget.get(task);
    return (
      known !== undefined &&
      count <= known.count &&
      files.every((file) => known.files.includes(file))
    );
  };
  return clashes.flatMap((clash) => {
    const { one, other, problem } = clash;
    if (other === null || problem !== null) return [];
    return isOfTarget(clash, one) || isOfTarget(clash, other) ? [] : [{ ...clash, other }];
  });
}

/** The open entries that each open entry will conflict with. */
export function planEntryConflicts(
  forecast: Pick<Forecast, "branches" | "clashes">,
): ReadonlyMap<EntryId, readonly EntryId[]> {
  const entryOf = new Map(forecast.branches.map(({ task, entry }) => [task, entry]));
  const conflicts = new Map<EntryId, EntryId[]>();
  for (const { entry } of forecast.branches) if (entry !== null) conflicts.set(entry, []);
  for (const { one, other, problem } of forecast.clashes) {
    const first = entryOf.get(one) ?? null;
    const second = other === null ? null : (entryOf.get(other) ?? null);
    if (problem !== null || first === null || second === null) continue;
    conflicts.get(first)?.push(second);
    conflicts.get(second)?.push(first);
  }
  return conflicts;
}

/** A forecast of which nothing is known. */
export function emptyForecast(
  { name, target }: Pick<Project, "name" | "target">,
  reason: string | null,
  at: Instant | null = null,
): Forecast {
  const scope = reason === null ? "full" : "none";
  return { project: name, target, scope, reason, at, branches: [], clashes: [] };
}

function taskNumber(id: TaskId): number {
  return Number(id.slice(2));
}
