import { MAKESPAN_MAX } from "./check-profiles.ts";
import type { ChaosSummary } from "./run-chaos.ts";
import type { MixedSummary } from "./run-mixed.ts";
import type { ProfilesSummary } from "./run-profiles.ts";
import type { SoakSummary } from "./run-soak.ts";

const FINDINGS_MAX = 50;

export function printChaosSummary(summary: ChaosSummary): string {
  const { faults, rungs } = summary;
  const ofRungs = Object.entries(rungs).map(([rung, count]) => `${count} ${rung}`);
  return [
    `${summary.landed} tasks landed in ${summary.tookS} s, over ${summary.events} events.`,
    `Killed: the core ${faults.core} times, the terminal host ${faults.host} times, claude in the middle of a turn ${faults.claude} times (${summary.killedClaudes} with those that died with their host); the clock jumped ${faults.clock} times.`,
    `Calls of the model: ${summary.calls}, of which ${summary.repeatedCalls} repeated (allowed: one for each of ${summary.killedClaudes} killed claudes).`,
    `Rungs: ${ofRungs.join(", ") || "none"}.`,
    ...printFindings(summary.findings),
  ].join("\n");
}

export function printSoakSummary(summary: SoakSummary): string {
  const { operations, faults } = summary;
  const made = Object.entries(faults).map(([fault, count]) => `${count} × ${fault}`);
  return [
    `Operations: ${operations.answered} answered, ${operations.refused} refused, ${operations.unsure} without an answer.`,
    `Faults: ${made.join(", ")}.`,
    `${summary.tasks} tasks, ${summary.landed} landed; ${summary.sessions} sessions; ${summary.events} events.`,
    `${summary.panes} panes compared, ${summary.bytes} bytes of counting panes.`,
    ...printFindings(summary.findings),
  ].join("\n");
}

export function printMixedSummary(summary: MixedSummary): string {
  const { landed, tasks, tookS, commits, verdicts, returned, findings } = summary;
  return [
    `${landed} of ${tasks} tasks landed in ${tookS} s, over ${verdicts} verdicts of the queue. Commits of the target, each checked again from a clean clone: ${commits}.`,
    "Returned:",
    ...returned.map((line) => `  ${line}`),
    ...printFindings(findings),
  ].join("\n");
}

export function printProfilesSummary({ findings, figures, aloneMs }: ProfilesSummary): string {
  const s = (seconds: number) => `${seconds.toFixed(1)} s`;
  const ratio = (idealS: number) => (figures.makespanS / idealS).toFixed(3);
  const [least, mean, most] = figures.serviceS;
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${Math.round(count)}`)
      .join(", ");
  return [
    `${figures.landed} tasks landed in ${s(figures.makespanS)}: ${ratio(figures.idealS)} × the ideal of ${s(figures.idealS)} (at most ${MAKESPAN_MAX}).`,
    "The ideal: the service times that were measured, the longest first, each on the slot that has it done soonest, without a pause; slots of a resting or signed-out profile and of more than the learned cap are closed.",
    `With slots open again at the very reset: ${s(figures.idealAtResetS)}, ${ratio(figures.idealAtResetS)}. No plan whatever is done before ${s(figures.boundS)}, ${ratio(figures.boundS)}.`,
    `Service times: ${s(least)} to ${s(most)}, ${s(mean)} on the average; in them, for a session alone, ${aloneMs.before} ms before its first call and ${aloneMs.after} ms after its last.`,
    `Calls of the model: ${figures.calls}, ${figures.refused} refused, ${figures.refusedInRest} of these by sessions that found out so that the window is used up; ${figures.aheadOfRest} after the reset and before the app's rest was over.`,
    `Most at once: ${list(figures.peaks)}. Five-hour windows at most: ${list(figures.windowPeaks)} (percent).`,
    `The meter: ${figures.looks} looks, ${figures.comparedSessions} live sessions compared with the log.`,
    ...printFindings(findings),
  ].join("\n");
}

function printFindings(
  findings: readonly { readonly kind: string; readonly text: string }[],
): readonly string[] {
  if (findings.length === 0)
    return ["The checkers find nothing: nothing lost, nothing twice, nothing left running."];
  return [
    `The checkers find ${findings.length}:`,
    ...findings.slice(0, FINDINGS_MAX).map(({ kind, text }) => `- ${kind}: ${text}`),
    ...(findings.length > FINDINGS_MAX ? ["- and so on."] : []),
  ];
}
