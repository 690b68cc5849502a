import { existsSync } from "node:fs";
import { openQueue } from "../../../electron/core/merge-queue/queue-fixture.ts";
import { auditQueue } from "../../audit/audit-queue.ts";
import { type Arranged, arrange, countRuns } from "./arrange.ts";
import { isLook } from "./count-effects.ts";
import { KillableQueue } from "./killable-queue.ts";
import { drive, type Scenario } from "./queue-scenarios.ts";
import { git, openWorld } from "./queue-world.ts";

export interface CrashReport {
  /** How many effects the scenario has when nobody kills it. */
  readonly effects: number;
  readonly points: number;
  readonly violations: readonly string[];
  /** Check runs that were begun once more because of a kill, at the worst point. */
  readonly lostRunsMax: number;
  /** From the next core's start to its queue being at work, milliseconds, one a point. */
  readonly recoveryMs: readonly number[];
}

/**
 * Kills a core at each effect that `isWanted` and that finds the disk changed, follows it with one that is left alone, and says what
 * does not hold then.
 */
export async function crashAt(
  scenario: Scenario,
  isWanted: (point: number) => boolean,
  onViolation: (text: string) => void = () => undefined,
): Promise<CrashReport> {
  await using arranged = await arrange(scenario);
  await using killable = new KillableQueue();
  const order = { folder: arranged.place.folder, scenario: scenario.name };
  const effects = (await killable.run({ ...order, killAt: 0 })) ?? [];
  const usualRuns = countRuns(arranged);
  const violations: string[] = [];
  const note = (when: string, found: readonly string[]) => {
    for (const each of found) {
      violations.push(`${scenario.name}, ${when}: ${each}`);
      onViolation(`${scenario.name}, ${when}: ${each}`);
    }
  };
  note("not killed", await judge(arranged));
  const recoveryMs: number[] = [];
  let lostRunsMax = 0;
  for (const [at, effect] of effects.entries()) {
    // What was only looked at since the point before left the disk as that point found it.
    const isNew = at === 0 || !isLook(effects[at - 1] ?? "");
    if (!isNew || !isWanted(at + 1)) continue;
    arranged.restore();
    await killable.run({ ...order, killAt: at + 1 });
    const when = `killed at ${at + 1} of ${effects.length} (${effect})`;
    try {
      recoveryMs.push(await recover(arranged));
      const lost = countRuns(arranged) - usualRuns;
      lostRunsMax = Math.max(lostRunsMax, lost);
      note(when, lost > 1 ? [`I7: ${lost} runs of its checks were lost`] : []);
      note(when, await judge(arranged));
    } catch (error) {
      note(when, [String(error)]);
    }
  }
  const points = recoveryMs.length;
  return { effects: effects.length, points, violations, lostRunsMax, recoveryMs };
}

/** Gives how long the next core took until its queue was at work. */
export async function recover({ scenario, place }: Arranged): Promise<number> {
  await using world = openWorld(place.folder, scenario);
  const startedAt = performance.now();
  let tookMs = 0;
  const onSettled = () => {
    tookMs = performance.now() - startedAt;
  };
  const limit = AbortSignal.timeout(GIVES_UP_MS);
  const late = new Promise<never>((_, reject) => {
    limit.addEventListener("abort", () => reject(new Error("it does not come to an end")));
  });
  await Promise.race([drive(scenario, world, onSettled), late]);
  return tookMs;
}

const GIVES_UP_MS = 60_000;

/** What does not hold once a scenario is at its end. */
export async function judge(arranged: Arranged): Promise<readonly string[]> {
  const { scenario, place, before, branches, person } = arranged;
  const { folder, repo } = place;
  const { store } = openQueue(`${folder}/home`);
  const states = store.entries.list().map(({ id, state }) => `${id} ${state}`);
  store.close();
  const wanted = Object.entries(scenario.states).map(([id, state]) => `${id} ${state}`);
  const violations = auditQueue({
    home: `${folder}/home`,
    repository: repo.root,
    target: "main",
    start: before,
    check: ["sh", "-c", scenario.check],
    person,
    branches,
  });
  const isSame = states.toSorted().join() === wanted.toSorted().join();
  const isBack = (await place.oid("main")) === before;
  const remote = `${folder}/remote.git`;
  const isPushed = existsSync(remote)
    ? (await git(remote, "rev-parse", "main")) === (await place.oid("main"))
    : true;
  return [
    ...violations,
    ...(isSame ? [] : [`the queue ended with ${states.join(", ")}`]),
    ...(isBack === (scenario.isBack ?? false) ? [] : ["the target is where it must not be"]),
    ...(isPushed ? [] : ["the remote is not where the target is"]),
  ];
}
