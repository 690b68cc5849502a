import type { Finding } from "./check-history.ts";
import type { ChaosSummary } from "./run-chaos.ts";
import type { SoakSummary } from "./run-soak.ts";

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

function printFindings(findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0)
    return [
      "The history checker finds nothing: nothing lost, nothing twice, nothing left running.",
    ];
  return [
    `The history checker finds ${findings.length}:`,
    ...findings.map(({ kind, text }) => `- ${kind}: ${text}`),
  ];
}
