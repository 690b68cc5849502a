import type { FlakyTests } from "../../../../shared/model/flaky-test.ts";
import type { Instant } from "../../../../shared/model/ids.ts";
import type { Project } from "../../../../shared/model/project.ts";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import type { Store, TestCheck, TestHealth } from "../../store/store.ts";
import { isQuarantined, quarantineMax, recentFlips } from "./plan-quarantine.ts";

const HINT = "See: switchyard queue tests";

/** The tests of a project that flipped of late or are quarantined; those first. */
export function listFlakyTests(store: Store, { name }: Project, now: Instant): FlakyTests {
  const checks = store.tests.listChecks(name);
  const known = knownTests(checks);
  const told = store.tests.list(name).map((health) => {
    const { test, command, task } = health;
    const isNow = isQuarantined(health, now);
    return {
      ...{ test, command, task, flips: recentFlips(health, runsOf(checks, health)) },
      since: isNow ? health.quarantinedAt : null,
      until: isNow ? health.quarantinedUntil : null,
    };
  });
  const shown = told.filter(({ flips, until }) => flips > 0 || until !== null);
  const tests = [
    ...shown.filter(({ until }) => until !== null),
    ...shown.filter(({ until }) => until === null).toSorted((a, b) => b.flips - a.flips),
  ];
  return { project: name, known, max: quarantineMax(known), tests };
}

/** Ends the quarantine of a test; it takes three flips anew to begin one. Throws `not-found`. */
export function releaseTest(store: Store, { name }: Project, test: string, now: Instant): void {
  const found = store.tests
    .list(name)
    .filter((each) => each.test === test && isQuarantined(each, now));
  if (found.length === 0) {
    const sentence = `There is no quarantined test ${JSON.stringify(test)} in ${name}.`;
    throw new SwitchyardError("not-found", sentence, HINT);
  }
  store.write("person", (record) => {
    for (const health of found) store.tests.save(freed(health));
    record("test.released", name, { test, why: "you released it" });
  });
}

/** From now on a check, by its name or command, may pass without a test; its next run says anew how many it has. */
export function forgetTests(store: Store, project: Project, named: string): void {
  const known = store.tests.listChecks(project.name);
  const commands = project.checks.filter(({ name }) => name === named).map(({ run }) => run);
  const found = known.filter(({ command }) => command === named || commands.includes(command));
  if (found.length === 0) throw nothingToForget(project, named, known);
  store.write("person", (record) => {
    for (const check of found) store.tests.saveCheck({ ...check, ran: 0 });
    record("test.forgotten", project.name, { check: named });
  });
}

function nothingToForget(
  { name: project, checks }: Project,
  named: string,
  known: readonly TestCheck[],
): SwitchyardError {
  const isCheck = checks.some(({ name, run }) => name === named || run === named);
  const what = JSON.stringify(named);
  const counted = known.filter(({ ran }) => ran > 0).map(({ command }) => command);
  return new SwitchyardError(
    "not-found",
    isCheck
      ? `The check ${what} of ${project} was never seen to run tests: there is nothing to forget.`
      : `There is no check ${what} in ${project}, by that name or command.`,
    counted.length === 0
      ? "None of its checks was seen to run tests yet."
      : `Checks that were seen to run tests: ${counted.map((run) => JSON.stringify(run)).join(", ")}.`,
  );
}

/** As one that never flipped, but for its task. */
export function freed(health: TestHealth): TestHealth {
  return { ...health, flips: [], quarantinedAt: null, quarantinedUntil: null };
}

/** How many tests a project is known to have. */
export function knownTests(checks: readonly TestCheck[]): number {
  return checks.reduce((sum, { ran }) => sum + ran, 0);
}

function runsOf(checks: readonly TestCheck[], { command }: TestHealth): number {
  return checks.find((each) => each.command === command)?.runs ?? 0;
}
