import { appendFile } from "node:fs/promises";
import type { Check, CheckResult } from "../../../shared/model/check.ts";
import type { Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { Clock } from "../base/clock.ts";
import { SleepWatch } from "../base/sleep-watch.ts";
import { preparePool } from "../git/pool-worktree.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import type { BatchLog } from "./batch-log.ts";
import type { CheckEnvironment } from "./check-environment.ts";
import { type ChecksOutcome, type RunCommand, runChecks } from "./check-runner.ts";
import type { QueuePlace } from "./queue-place.ts";
import type { RunTimer } from "./run-round.ts";
import type { TestQuarantine } from "./tests/test-quarantine.ts";

export interface TreeRunsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly place: QueuePlace;
  readonly log: BatchLog;
  readonly environment: CheckEnvironment;
  readonly quarantine: TestQuarantine;
  readonly runCommand: RunCommand;
}

export interface TreeRun {
  /** Whose logs it is written to. */
  readonly entries: readonly EntryRecord[];
  /** In the order in which they run. */
  readonly checks: readonly Check[];
  /** Says in the log what is run. */
  readonly who: string;
  /** Whether its results are those of the entries. */
  readonly isShown: boolean;
  /** Of the pool worktrees, the one it runs in. */
  readonly lane: number;
  /** Null where its time is compared with nothing. */
  readonly timer: RunTimer | null;
}

/** The machine slept meanwhile and it failed: that says nothing, and there is no verdict, so it is done again. */
export type TreeRunOutcome = ChecksOutcome | { readonly kind: "lost" };

/** Runs checks on the tree of one commit, in a pool worktree, with the dependencies that fit to it. */
export class TreeRuns {
  readonly #parts: TreeRunsParts;

  constructor(parts: TreeRunsParts) {
    this.#parts = parts;
  }

  async run(
    project: Project,
    commit: Oid,
    what: TreeRun,
    signal: AbortSignal,
  ): Promise<TreeRunOutcome> {
    const { place, environment, quarantine, clock, log, runCommand } = this.#parts;
    const pool = await place.pool(project, commit, signal, what.lane);
    const caches = await preparePool(pool, commit, environment.cachesOf(project), signal);
    const setUp = caches.isSetUp ? null : environment.setUpOf(project);
    const isAsked = what.checks.some(({ run }) => run === setUp?.run);
    const files = what.entries.map((entry) => place.logFile(entry));
    const [logFile = ""] = files;
    await using _shared = await log.begin(files);
    using watch = new SleepWatch(clock);
    const outcome = await runChecks({
      checks: setUp && !isAsked ? [setUp, ...what.checks] : what.checks,
      worktree: pool.path,
      title: `${what.who} (${commit.slice(0, 12)})`,
      logFile,
      runCommand: what.timer?.timing(runCommand) ?? runCommand,
      watchTests: quarantine.watch(project),
      signal,
      onResult: (done) => {
        if (what.isShown) this.#saveResults(what.entries, done);
      },
    });
    signal.throwIfAborted();
    if (outcome.kind !== "green" && watch.hasSlept()) {
      await this.#noteLost(what.entries, logFile);
      return { kind: "lost" };
    }
    if (what.timer) what.timer.isCounting = outcome.kind === "green" && !watch.hasSlept();
    // What is there can be why it failed, and a run that was ended left half of it.
    if (outcome.kind === "green") await caches.keep();
    return outcome;
  }

  async #noteLost(entries: readonly EntryRecord[], logFile: string): Promise<void> {
    await appendFile(logFile, "\nThe machine slept during this run: it counts for nothing.\n");
    this.#parts.store.write("queue", (record) => {
      for (const { id, task } of entries) record("queue.run-lost", id, { task });
    });
  }

  #saveResults(entries: readonly EntryRecord[], results: readonly CheckResult[]): void {
    const { store } = this.#parts;
    store.write("queue", () => {
      for (const { id } of entries) store.entries.update(id, { checks: [...results] });
    });
  }
}
