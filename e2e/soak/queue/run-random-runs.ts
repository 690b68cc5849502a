import { KillableQueue } from "./killable-queue.ts";
import { medianOf } from "./median-of.ts";
import { type RunReport, runOnce } from "./random-runs.ts";

/** `soak -- queue --runs N`. Gives the number of violations. */
export async function runRandomRuns(
  count: number,
  seed: number,
  say: (line: string) => void,
): Promise<number> {
  await using killable = new KillableQueue();
  const reports: RunReport[] = [];
  for (let at = 0; at < count; at += 1) {
    const report = await runOnce(killable, seed + at);
    reports.push(report);
    for (const each of report.violations) say(`seed ${seed + at}: ${each}`);
    for (const each of report.nudges) say(`seed ${seed + at}: the queue waited: ${each}`);
    if ((at + 1) % SAY_EVERY === 0 || at + 1 === count) say(tell(reports));
  }
  return sum(reports, (each) => each.violations.length);
}

const SAY_EVERY = 10;

function tell(reports: readonly RunReport[]): string {
  const kills = sum(reports, (each) => each.kills);
  const lost = sum(reports, (each) => each.lostRuns);
  const acts = ["commit", "edit", "switch", "gc"].map(
    (act) => `${sum(reports, ({ person }) => person[act] ?? 0)} × ${act}`,
  );
  return [
    `${reports.length} runs: ${kills} kills`,
    `${lost} check runs lost (${(lost / Math.max(kills, 1)).toFixed(2)} a kill)`,
    `${sum(reports, (each) => each.landed)} landed`,
    `${Math.round(medianOf(reports.map((each) => each.recoveryMs)))} ms to recover`,
    `${sum(reports, (each) => each.nudges.length)} times the queue waited for the person`,
    `the person: ${acts.join(", ")}`,
    `${sum(reports, (each) => each.violations.length)} violations`,
  ].join("; ");
}

function sum(reports: readonly RunReport[], of: (report: RunReport) => number): number {
  return reports.reduce((total, each) => total + of(each), 0);
}
