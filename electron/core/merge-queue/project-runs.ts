import type { ProjectName } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { EntryRecord, Store } from "../store/store.ts";

/** How often what waits is looked at; a look starts no program where nothing is due. */
const LOOK_MS = 15_000;

export interface ProjectRunsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a change of the entry wants a run of its project. */
  readonly isConcerned: (entry: EntryRecord) => boolean;
  readonly work: (name: ProjectName, signal: AbortSignal) => Promise<void>;
  /** What is said where the work fails in a way that nobody has foreseen. */
  readonly failure: string;
}

/**
 * Work on projects that follows their rows: of each project one run at a time, and once more where that was wanted meanwhile. At its end
 * the run under way is cancelled and waited for.
 */
export class ProjectRuns implements AsyncDisposable {
  readonly #parts: ProjectRunsParts;
  readonly #ending = new AbortController();
  readonly #stop = new DisposableStack();
  readonly #runs = new Map<ProjectName, Promise<void>>();
  readonly #wanted = new Set<ProjectName>();

  constructor(parts: ProjectRunsParts) {
    this.#parts = parts;
  }

  follow(): void {
    const { store, clock, isConcerned } = this.#parts;
    this.#stop.use(clock.every(LOOK_MS, () => this.wakeAll()));
    this.#stop.defer(
      store.onCommit(({ touched }) => {
        const names = new Set(touched.projects);
        for (const id of touched.entries) {
          const entry = store.entries.find(id);
          if (entry && isConcerned(entry)) names.add(entry.project);
        }
        if (touched.fleet) this.wakeAll();
        else for (const name of names) this.wake(name);
      }),
    );
    this.wakeAll();
  }

  wakeAll(): void {
    for (const { name } of this.#parts.store.projects.list()) this.wake(name);
  }

  wake(name: ProjectName): void {
    if (this.#ending.signal.aborted) return;
    this.#wanted.add(name);
    if (this.#runs.has(name)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    // Before the work begins: what it writes at once wakes this again.
    this.#runs.set(name, promise);
    this.#runOn(name)
      .catch((error: unknown) => {
        if (this.#ending.signal.aborted) return;
        this.#parts.log.error({ error, project: name }, this.#parts.failure);
      })
      .finally(() => {
        this.#runs.delete(name);
        if (this.#wanted.has(name)) this.wake(name);
        resolve();
      });
  }

  /** Resolves when nothing of the project runs, and no more is wanted. */
  async settle(name: ProjectName): Promise<void> {
    for (let run = this.#runs.get(name); run; run = this.#runs.get(name)) await run;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort(new Error("the core is stopping"));
    this.#stop.dispose();
    await Promise.all(this.#runs.values());
  }

  async #runOn(name: ProjectName): Promise<void> {
    const { signal } = this.#ending;
    while (this.#wanted.delete(name) && !signal.aborted) await this.#parts.work(name, signal);
  }
}
