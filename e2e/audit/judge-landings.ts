import { isAncestor, shorten, tryGit } from "./ask-git.ts";
import type { CleanClone } from "./clean-clone.ts";
import type { EntryRow, LandingRow, Rows } from "./read-rows.ts";
import type { TargetHistory } from "./read-target.ts";

/** What was landed, as the store and the target tell it. */
export interface Landed {
  readonly repository: string;
  readonly start: string;
  readonly rows: Rows;
  readonly history: TargetHistory;
}

/** I1: every value that the target takes through the queue has a green verdict, and is green when it is checked again. */
export function judgeValues(
  landed: Landed,
  clone: CleanClone,
  check: readonly string[] | "as-recorded",
): readonly string[] {
  const { repository, rows, history } = landed;
  const values = new Set(doneSince(landed).map(({ to }) => to));
  for (const { by, to } of history.moves ?? []) if (by === "landing") values.add(to);
  return [...values].flatMap((oid) => {
    const tree = tryGit(repository, "rev-parse", "--verify", `${oid}^{tree}`)?.trim();
    if (!tree) return [`I1: ${shorten(oid)} landed and is not in the repository any more`];
    const green = rows.verdicts.findLast((verdict) => verdict.tree === tree && verdict.isGreen);
    if (!green && !rows.isUnchecked) {
      return [`I1: ${shorten(oid)} landed, and no verdict says that its files passed`];
    }
    const recorded = green?.results.map(({ command }) => ["sh", "-c", command]) ?? [];
    const commands = check === "as-recorded" ? recorded : [check];
    if (clone.passes(oid, commands)) return [];
    return [`I1: ${shorten(oid)} landed, and is red when it is checked again from a clean clone`];
  });
}

/** I2: what the store calls landed is on the target once, and nothing else of the queue's is. */
export function judgeTrailers({ repository, start, rows, history }: Landed): readonly string[] {
  const runs = history.commits.flatMap(({ entries }, at) => {
    const before = history.commits[at - 1]?.entries ?? [];
    // A rebased branch lands as several commits in a row.
    return entries.filter((entry) => !before.includes(entry));
  });
  const twice = new Set(runs.filter((entry, at) => runs.indexOf(entry) !== at));
  const known = new Map(rows.entries.map((entry) => [entry.id, entry]));
  const wrong = [...new Set(runs)].flatMap((id) => {
    const state = known.get(id)?.state ?? "unknown to the store";
    return state === "landed" ? [] : [`I2: ${id} is on the target, but it is ${state}`];
  });
  const missing = rows.entries.flatMap((entry) => {
    if (entry.state !== "landed" || runs.includes(entry.id)) return [];
    if (entry.merged !== null) return judgeMerged(repository, entry.id, entry.merged);
    const { base } = entry;
    if (base !== null && isAncestor(repository, base, start) && base !== start) return [];
    return base !== null && bringsNothing(repository, base, entry.head)
      ? []
      : [`I2: ${entry.id} is landed, but the target has no commit of it`];
  });
  return [...[...twice].map((id) => `I2: ${id} landed twice`), ...wrong, ...missing];
}

/** What was merged as a pull request is on the target of the remote, as that was fetched; no branch here has to hold it. */
function judgeMerged(
  repository: string,
  id: string,
  { commit, fetched }: NonNullable<EntryRow["merged"]>,
): readonly string[] {
  const tip = tryGit(repository, "rev-parse", "-q", "--verify", fetched)?.trim();
  if (tip && isAncestor(repository, commit, tip)) return [];
  return [`I2: ${id} landed as ${shorten(commit)}, which ${fetched} does not hold`];
}

/** I4: the target only goes forward, by the moves that the journal announced. */
export function judgeMoves(landed: Landed): readonly string[] {
  const { repository, start, rows, history } = landed;
  const { moves, now } = history;
  const done = doneSince(landed);
  if (moves === null) {
    return isAncestor(repository, start, now)
      ? []
      : ["I4: the target does not hold where it began"];
  }
  const wrong = moves.flatMap((move, at) => {
    const { from, to, by } = move;
    const where = `from ${shorten(from)} to ${shorten(to)}`;
    const before = at === 0 ? start : moves[at - 1]?.to;
    const gap = from === before ? [] : [`I4: the target went ${where} when it stood elsewhere`];
    if (by === "landing" && !isAncestor(repository, from, to)) {
      return [...gap, `I4: a landing moved the target ${where}, which is not forward`];
    }
    const isTakenBack = rows.landings.some((row) => row.from === to && row.to === from);
    if (by === "undo" && !isTakenBack) {
      return [...gap, `I4: an undo moved the target ${where}, which no landing had brought`];
    }
    return gap;
  });
  const last = moves.at(-1)?.to ?? start;
  const unseen = done.filter(
    (row) => !moves.some((move) => move.from === row.from && move.to === row.to),
  );
  return [
    ...wrong,
    ...(last === now ? [] : [`I4: the target is at ${shorten(now)}, where nothing moved it`]),
    ...unseen.map((row) => `I4: landing ${row.id} is done, but the target never went there`),
  ];
}

/** I6: what a task waits for is on the target before it. */
export function judgeOrder({ rows, history }: Landed): readonly string[] {
  const placeOf = (task: string) => {
    const ids = rows.entries.filter((entry) => entry.task === task).map(({ id }) => id);
    return history.commits.findIndex(({ entries }) => entries.some((id) => ids.includes(id)));
  };
  return rows.after.flatMap(({ task, after }) => {
    const [child, parent] = [placeOf(task), placeOf(after)];
    const landed = rows.entries.some((entry) => entry.task === after && entry.state === "landed");
    const isFirst = child !== -1 && (parent === -1 ? !landed : parent > child);
    return isFirst ? [`I6: ${task} landed before ${after}, for which it waits`] : [];
  });
}

/** Landings from before `start` are another audit's. */
function doneSince({ repository, start, rows }: Landed): readonly LandingRow[] {
  return rows.landings.filter(
    ({ state, to }) => state === "done" && !isAncestor(repository, to, start),
  );
}

/** Whether the target had all of it already when its turn came. */
function bringsNothing(repository: string, base: string, head: EntryRow["head"]): boolean {
  if (isAncestor(repository, head, base)) return true;
  const merged = tryGit(repository, "merge-tree", "--write-tree", base, head)?.trim();
  return merged === tryGit(repository, "rev-parse", "--verify", `${base}^{tree}`)?.trim();
}
