import { type CheckResult, hasPassed } from "../../shared/model/check.ts";
import {
  countPulls,
  describePull,
  describeStuckPulls,
  groupStuckPulls,
  nameOfProposed,
  waitsAsPull,
} from "../../shared/model/describe-pull.ts";
import { noteOfCheck } from "../../shared/model/describe-tests.ts";
import { formatElapsed } from "../../shared/model/format-time.ts";
import { describeFrozen, stillFrozen } from "../../shared/model/freeze.ts";
import { describeParallelChecks } from "../../shared/model/parallel-checks.ts";
import { describeLanding, type Project } from "../../shared/model/project.ts";
import { type EntryBatch, isOpen, type QueueEntry } from "../../shared/model/queue-entry.ts";
import { withReason } from "./describe-state.ts";
import { type Cut, writeFields, writeTable } from "./write-table.ts";

type QueueStand = Pick<Project["queue"], "state" | "frozen"> &
  Partial<Pick<Project["queue"], "reason">>;

/** `running`, `paused (paused by you)`, `frozen by you until Mon 23 Nov, 08:00 (Europe/Berlin)`, or the last two together. */
export function describeQueue({ state, reason = null, frozen }: QueueStand): string {
  const now = new Date();
  const still = stillFrozen(frozen, now);
  const stands = still && state === "running" ? [] : [withReason(state, reason)];
  const freeze = still ? [`frozen ${describeFrozen(still, now)}`] : [];
  return [...stands, ...freeze].join("; ");
}

/** `projects`: whose queues these entries stand in; what of one is not as usual is said first. */
export function describeEntries(
  entries: readonly QueueEntry[],
  projects: readonly Pick<Project, "name" | "land" | "queue">[],
  cut: Cut,
): string {
  const stands = projects
    .map((project) => tellStand(project, entries))
    .filter((stand) => stand !== "");
  const rows = entries.map((entry) => [
    entry.position === 0 ? "" : String(entry.position),
    entry.id,
    cut(withReason(stateOf(entry), entry.reason)),
    entry.task,
    entry.branch,
  ]);
  const table = writeTable(["#", "entry", "state", "task", "branch"], rows, "The queue is empty.");
  return [...stands, table].join("\n\n");
}

/** What of a project's queue is not as usual, a line each. */
function tellStand(
  { name, land, queue }: Pick<Project, "name" | "land" | "queue">,
  entries: readonly QueueEntry[],
): string {
  const stand = describeQueue(queue);
  const { proposesTo, parallel } = queue;
  const pulls = countPulls(
    entries.filter((one) => one.project === name && waitsAsPull(one)).length,
  );
  const lines = [
    stand === "running" ? null : `The queue of ${name} is ${stand}.`,
    proposesTo == null ? null : `Work of ${name} lands ${describeLanding({ land, queue })}.`,
    pulls === null ? null : `In the queue of ${name} ${pulls}.`,
    parallel ? `Checks of ${name} run ${describeParallelChecks(parallel)}.` : null,
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function stateOf({ state, hotfixAt, pullRequest }: QueueEntry): string {
  if (state === "proposed" && pullRequest) return nameOfProposed(pullRequest);
  return hotfixAt !== null && isOpen(state) ? `hot fix, ${state}` : state;
}

/** A line for each pull request; what keeps several from going on is told once. */
export function describePulls(entries: readonly QueueEntry[]): string[] {
  const proposed = entries.filter(({ pullRequest }) => pullRequest != null);
  const isStuck = ({ state, pullRequest }: QueueEntry) =>
    state === "proposed" && pullRequest?.problem;
  const groups = [
    ...proposed.filter((entry) => !isStuck(entry)).map((entry) => [entry] as const),
    ...groupStuckPulls(proposed.filter(isStuck)),
  ];
  return groups.flatMap((group) => {
    const told = describeStuckPulls(group);
    return told === null ? [] : [`${group.map(({ id }) => id).join(", ")}: ${told}`];
  });
}

export function describeEntry(entry: QueueEntry): string {
  return writeFields([
    ["entry", entry.id],
    ["state", withReason(entry.state, entry.reason)],
    ["position", entry.position === 0 ? "no longer in the queue" : String(entry.position)],
    ["task", entry.task],
    ["branch", entry.branch],
    ["head", entry.head],
    ["base", entry.base],
    ["candidate", entry.candidate],
    ["checks", describeChecks(entry.checks) || whyNoChecks(entry)],
    ["files", entry.files.join(", ")],
    ["batch", entry.batch && describeBatch(entry.batch)],
    ["conflicts", entry.conflictsWith.join(", ")],
    ["approved", entry.approvedAt],
    ["hot fix", entry.hotfixAt && `since ${entry.hotfixAt}`],
    ["pull request", describePull(entry)?.replace("\n", " ") ?? null],
    ["summary", entry.summary],
  ]);
}

function describeBatch({ entries, testing }: EntryBatch): string {
  return `${entries.join(", ")}; the first ${testing} of ${entries.length} under check`;
}

/** Nothing where none has run. */
export function describeChecks(checks: readonly CheckResult[]): string {
  return checks.map(describeCheck).join("; ");
}

/** `unit passed in 2.4 s`. */
function describeCheck(result: CheckResult): string {
  const { name, exitCode, durationMs } = result;
  const note = noteOfCheck(result);
  const why = note === null ? "" : `: ${note.replace(/\.$/, "")}`;
  if (exitCode === null && !hasPassed(result)) return `${name} did not run to its end${why}`;
  const how = hasPassed(result) ? "passed" : `failed with exit code ${exitCode}`;
  return `${name} ${how} in ${formatElapsed(durationMs)}${why}`;
}

function whyNoChecks({ state, candidate }: QueueEntry): string {
  if (state === "checking") return "none has ended yet";
  if (state === "landed" && candidate === null) return "none: the target had all of it already";
  if (state === "landed" || state === "landing" || state === "awaiting-approval")
    return "none ran for it: that these files pass was known, or the project asks for none";
  return "none has run for it";
}
