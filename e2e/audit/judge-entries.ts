import { askGit, linesOf, shorten, tryGit } from "./ask-git.ts";
import type { Landed } from "./judge-landings.ts";
import type { EntryRow, Rows } from "./read-rows.ts";

const RED = /^(a check fails|fails together with)/;
/** A shell that finds no such program; that is no verdict on the files. */
const NO_PROGRAM = [126, 127];

/** I3: what was queued can still be reached, and the workers' branches are where their workers left them. */
export function judgeHeads(
  { repository, rows }: Landed,
  branches: ReadonlyMap<string, string>,
): readonly string[] {
  // By refs alone: what a pool worktree happens to have checked out is not kept.
  const kept = new Set(linesOf(askGit(repository, "rev-list", "--single-worktree", "--all")));
  const lost = rows.entries.flatMap(({ id, head }) =>
    kept.has(head) ? [] : [`I3: ${shorten(head)}, which ${id} queued, cannot be reached any more`],
  );
  const moved = [...branches].flatMap(([name, oid]) => {
    const now = tryGit(repository, "rev-parse", "-q", "--verify", `refs/heads/${name}`)?.trim();
    return now === oid ? [] : [`I3: the branch ${name} was moved to ${shorten(now ?? "nowhere")}`];
  });
  return [...lost, ...moved];
}

/** I8: what was returned as red was red twice, alone, and the target under it was green. */
export function judgeReturns(landed: Landed): readonly string[] {
  const { rows } = landed;
  return rows.entries.flatMap((entry) => {
    const failed = entry.checks.findLast(({ exitCode }) => exitCode !== 0);
    if (entry.state !== "returned" || !RED.test(entry.reason)) return [];
    if (!failed) return [`I8: ${entry.id} was returned as red, but no check of it failed`];
    const wrong: string[] = [];
    if (!isAlone(landed, entry)) wrong.push("it was not tested alone on the target");
    const isVerdict = failed.exitCode !== null && !NO_PROGRAM.includes(failed.exitCode);
    const reds = countReds(rows, entry.tree, failed.command);
    if (isVerdict && reds < 2) wrong.push(`it was red ${reds === 1 ? "once" : "never"}`);
    const isOwn = !rows.checks.includes(failed.command);
    if (isVerdict && !isOwn && !isGreenAt(landed, entry.base, failed.command)) {
      wrong.push("the target was never green");
    }
    return wrong.map((why) => `I8: ${entry.id} was returned as red, but ${why}`);
  });
}

function isAlone({ start, history }: Landed, { base }: EntryRow): boolean {
  if (base === null) return false;
  return base === start || (history.moves?.some(({ to }) => to === base) ?? true);
}

function countReds({ verdicts }: Rows, tree: string | null, command: string): number {
  return verdicts.filter(
    (verdict) =>
      verdict.tree === tree && !verdict.isGreen && verdict.results.at(-1)?.command === command,
  ).length;
}

function isGreenAt({ repository, rows }: Landed, base: string | null, command: string): boolean {
  const tree = tryGit(repository, "rev-parse", "-q", "--verify", `${base}^{tree}`)?.trim();
  return rows.verdicts.some(
    (verdict) =>
      verdict.tree === tree &&
      verdict.results.some((ran) => ran.command === command && ran.exitCode === 0),
  );
}

/** I10: while it is paused nothing begins to land. */
export function judgePauses({ rows }: Landed): readonly string[] {
  let isPaused = false;
  return rows.events.flatMap(({ kind, subject, seq }) => {
    if (kind === "queue.landing") {
      return isPaused ? [`I10: ${subject} began to land at event ${seq}, during a pause`] : [];
    }
    isPaused = kind === "queue.paused";
    return [];
  });
}
