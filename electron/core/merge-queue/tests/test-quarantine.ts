import { type CheckResult, hasPassed } from "../../../../shared/model/check.ts";
import type { ProjectName } from "../../../../shared/model/ids.ts";
import type { Project } from "../../../../shared/model/project.ts";
import type { Clock } from "../../base/clock.ts";
import type { Store, TestCheck, Verdict } from "../../store/store.ts";
import type { QueueGate } from "../queue-gate.ts";
import type { TestKnowledge, TestSettings } from "./judge-tests.ts";
import { FLIPS_MAX, isQuarantined, planQuarantine, quarantineMax } from "./plan-quarantine.ts";
import { type WatchTests, watchTests } from "./read-check-tests.ts";
import { freed, knownTests } from "./release-test.ts";
import { mendTask } from "./write-mend-task.ts";

/** More than so many tests are a number. */
const NAMED_MAX = 3;

export interface QuarantineParts {
  readonly store: Store;
  readonly clock: Clock;
  /** What the settings say of the check with this command. */
  readonly testsOf: (project: Project, command: string) => TestSettings;
  /** Stops the queue with a reason: the tests as a whole cannot be relied on. */
  readonly gate: Pick<QueueGate, "setState">;
}

/** Remembers which tests flip, run by run, and keeps those that flip too often from keeping work back. */
export class TestQuarantine {
  readonly #parts: QuarantineParts;

  constructor(parts: QuarantineParts) {
    this.#parts = parts;
  }

  /** How the checks of a project are looked at, by the queue and where a worker says that it is done. */
  watch(project: Project): WatchTests {
    return async (check, place) => {
      this.#releaseOld(project.name);
      const told = this.#parts.testsOf(project, check.run);
      return await watchTests(check, place, this.#knowledge(project.name, check.run), told);
    };
  }

  /** Earlier verdicts as they count today: without what passed by tests that are no longer quarantined. */
  recount(project: Project, verdicts: readonly Verdict[]): readonly Verdict[] {
    const isStale = ({ command, tests }: CheckResult) => {
      if (tests?.isExcused !== true) return false;
      const { quarantined } = this.#knowledge(project.name, command);
      return !tests.failures.every((test) => quarantined.has(test));
    };
    return verdicts.map((each) => {
      const results = each.results.filter((result) => !isStale(result));
      return results.length === each.results.length ? each : { ...each, results };
    });
  }

  /**
   * Takes the results of one run into account; call it inside the transaction that keeps its verdict. `earlier`: the verdicts of
   * the same tree in the same surroundings, newest first.
   */
  note(project: Project, results: readonly CheckResult[], earlier: readonly Verdict[]): void {
    for (const result of results) {
      if (result.tests) this.#noteOne(project, result, findFlipped(result, earlier));
    }
  }

  #noteOne(project: Project, result: CheckResult, flipped: readonly string[]): void {
    const { store, clock } = this.#parts;
    const { name } = project;
    const check = this.#count(name, result);
    const now = clock.now();
    const healths = store.tests.list(name);
    const plan = planQuarantine({
      run: check.runs,
      known: knownTests(store.tests.listChecks(name)),
      quarantined: healths.filter((each) => isQuarantined(each, now.toISOString())).length,
      healths: healths.filter(({ command }) => command === check.command),
      flipped,
      now,
    });
    store.write("queue", (record) => {
      const about = { check: result.name };
      const tests = result.tests?.failures ?? [];
      if (result.tests?.isExcused) record("test.excused", name, { ...about, tests: [...tests] });
      for (const health of plan.changed) {
        const { test, flips } = health;
        const known = healths.find((each) => each.test === test && each.command === check.command);
        const row = { ...health, project: name, command: check.command, task: known?.task ?? null };
        const isNew = plan.begun.includes(test);
        const task = isNew ? mendTask(store, project, row) : row.task;
        store.tests.save({ ...row, task });
        record("test.flipped", name, { ...about, test, flips: flips.length });
        const { quarantinedUntil: until } = row;
        if (isNew) record("test.quarantined", name, { ...about, test, until, task });
      }
    });
    if (plan.refused.length > 0) this.#halt(name, plan.refused);
  }

  /** One more run of a check; how many tests it has is what ran when it passed. */
  #count(project: ProjectName, result: CheckResult): TestCheck {
    const { store } = this.#parts;
    const { command, tests } = result;
    const before = store.tests.listChecks(project).find((each) => each.command === command);
    const ran = hasPassed(result) ? (tests?.passed ?? 0) + (tests?.failed ?? 0) : before?.ran;
    const check = { project, command, runs: (before?.runs ?? 0) + 1, ran: ran ?? 0 };
    store.write("queue", () => store.tests.saveCheck(check));
    return check;
  }

  #halt(project: ProjectName, refused: readonly string[]): void {
    const known = knownTests(this.#parts.store.tests.listChecks(project));
    const max = quarantineMax(known);
    const many = `${max} of ${known} ${known === 1 ? "test" : "tests"}`;
    const named = refused.slice(0, NAMED_MAX).join("; ");
    const more = refused.length > NAMED_MAX ? ` and ${refused.length - NAMED_MAX} more` : "";
    const reason = `too many tests are flaky: ${named}${more} flipped ${FLIPS_MAX} times, and ${many} may be quarantined at once; mend one, or release one with: switchyard queue tests --release TEST, then: switchyard queue resume`;
    this.#parts.gate.setState(project, "paused", reason, "queue");
  }

  #knowledge(project: ProjectName, command: string): TestKnowledge {
    const { store, clock } = this.#parts;
    const now = clock.now().toISOString();
    const check = store.tests.listChecks(project).find((each) => each.command === command);
    const own = store.tests.list(project).filter((each) => each.command === command);
    const quarantined = own.filter((each) => isQuarantined(each, now)).map(({ test }) => test);
    return { ran: check?.ran ?? 0, quarantined: new Set(quarantined) };
  }

  #releaseOld(project: ProjectName): void {
    const { store, clock } = this.#parts;
    const now = clock.now().toISOString();
    const over = store.tests
      .list(project)
      .filter((each) => each.quarantinedUntil !== null && !isQuarantined(each, now));
    if (over.length === 0) return;
    store.write("queue", (record) => {
      for (const health of over) {
        store.tests.save(freed(health));
        record("test.released", project, { test: health.test, why: "its fourteen days are over" });
      }
    });
  }
}

/** What failed when this check ran on the same tree before, and passes now. */
function findFlipped(result: CheckResult, earlier: readonly Verdict[]): readonly string[] {
  const { tests, command } = result;
  if (!tests || (result.exitCode !== 0 && !tests.isWhole)) return [];
  const all = earlier.flatMap(({ results }) => results);
  const before = all.find((each) => each.command === command && each.tests !== undefined)?.tests;
  return (before?.failures ?? []).filter((test) => !tests.failures.includes(test));
}
