import type { ProjectName } from "../../../shared/model/ids.ts";
import type { ParallelChecks } from "../../../shared/model/parallel-checks.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import { specHash } from "./check-runner.ts";
import { type CheckMachine, planParallelChecks } from "./plan-parallel-checks.ts";
import { RunRound } from "./run-round.ts";

/** How often it is looked whether the machine still allows what was measured, so that a window shows what would be. */
const LOOK_EVERY_MS = 60_000;

export interface ParallelRunsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** How many runs of checks may go on beside each other; `auto`: as is measured. */
  readonly sectionsOf: (project: Project) => "auto" | number;
  /** What the machine has for another run of this project's checks. */
  readonly readMachine: (project: Project, signal: AbortSignal) => Promise<CheckMachine>;
}

/**
 * How many runs of a project's checks go on beside each other: a person's number, or as was measured. What is planned is in the
 * project's row for people to see; what it is planned by is in the store, so a core that is killed loses one round of it at most.
 */
export class ParallelRuns implements AsyncDisposable {
  readonly #parts: ParallelRunsParts;
  readonly #rounds = new Set<RunRound>();
  readonly #ending = new AbortController();
  #timer: Disposable | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: ParallelRunsParts) {
    this.#parts = parts;
  }

  atOnce(project: Project): number {
    const told = this.#parts.sectionsOf(project);
    return told === "auto" ? (project.queue.parallel?.atOnce ?? 1) : told;
  }

  /** The most that any project has under way beside each other. */
  get underWay(): number {
    return Math.max(0, ...[...this.#rounds].map(({ atOnce }) => atOnce));
  }

  /** Times so many runs that begin together. Beside a round of another project none of it can be compared. */
  begin(project: Project, atOnce: number): RunRound {
    const round = new RunRound(project, atOnce, this.#parts.clock, () =>
      this.#rounds.delete(round),
    );
    for (const other of this.#rounds) {
      other.isMixed = true;
      round.isMixed = true;
    }
    this.#rounds.add(round);
    return round;
  }

  /** Keeps what the slowest run took of a round that came to its end. */
  keep(round: RunRound): void {
    const { store } = this.#parts;
    const { name: project, checks } = round.project;
    const slowest = round.slowest();
    if (slowest === null) return;
    store.write("queue", () =>
      store.timedRuns.insert({ project, specHash: specHash(checks), ...slowest }),
    );
  }

  /** Plans anew, by what the machine is like now. */
  async look(name: ProjectName, signal: AbortSignal): Promise<void> {
    const project = this.#parts.store.projects.find(name);
    if (!project) return;
    const isMeasured = this.#parts.sectionsOf(project) === "auto" && project.checks.length > 0;
    this.#save(name, isMeasured ? await this.#plan(project, signal) : null);
  }

  /** Looks now and then, until disposed. */
  run(): void {
    this.#timer = this.#parts.clock.every(LOOK_EVERY_MS, () => this.#lookAtAll());
    this.#lookAtAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#ending.abort(new Error("the merge queue is stopping"));
    await this.#looking;
  }

  async #plan(project: Project, signal: AbortSignal): Promise<ParallelChecks> {
    const { store, clock, readMachine } = this.#parts;
    const machine = await readMachine(project, signal);
    const runs = store.timedRuns.list(project.name, specHash(project.checks));
    return planParallelChecks({ runs, machine, now: clock.now() });
  }

  /** Nothing is written where it is so already: each commit wakes the queue. */
  #save(name: ProjectName, parallel: ParallelChecks | null): void {
    const { store } = this.#parts;
    const queue = store.projects.find(name)?.queue;
    const known = queue?.parallel ?? null;
    if (!queue || JSON.stringify(known) === JSON.stringify(parallel)) return;
    store.write("queue", (record) => {
      store.projects.update(name, { queue: { ...queue, parallel } });
      if (known?.atOnce !== parallel?.atOnce) record("queue.parallel", name, { ...parallel });
    });
  }

  #lookAtAll(): void {
    const { store, log } = this.#parts;
    const { signal } = this.#ending;
    this.#looking = this.#looking
      .then(async () => {
        for (const { name } of store.projects.list()) await this.look(name, signal);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) log.error({ error }, "looking at the machine failed");
      });
  }
}
