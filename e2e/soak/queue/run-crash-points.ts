import { type CrashReport, crashAt } from "./crash-points.ts";
import { medianOf } from "./median-of.ts";
import { scenarios } from "./queue-scenarios.ts";

/** `soak -- queue --crash-points`: every point of every scenario, or every nth. Gives the number of violations. */
export async function runCrashPoints(
  every: number,
  seed: number,
  say: (line: string) => void,
): Promise<number> {
  const reports: CrashReport[] = [];
  for (const scenario of scenarios) {
    const startedAt = performance.now();
    const report = await crashAt(scenario, isSampled(every, seed), say);
    reports.push(report);
    const tookS = Math.round((performance.now() - startedAt) / 1000);
    const recovery = `${Math.round(medianOf(report.recoveryMs))} ms to recover`;
    say(
      `${scenario.name}: ${report.points} of ${report.effects} points, ${report.violations.length} violations, at most ${report.lostRunsMax} check runs lost at one, ${recovery}; ${tookS} s`,
    );
  }
  const points = reports.reduce((sum, each) => sum + each.points, 0);
  const violations = reports.reduce((sum, each) => sum + each.violations.length, 0);
  say(`${points} crash points, ${violations} violations.`);
  return violations;
}

/** Every nth point, beginning at one that the seed decides. */
export function isSampled(every: number, seed: number): (point: number) => boolean {
  return (point) => point % every === seed % every;
}
