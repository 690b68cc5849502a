import { describeFrozen, type Frozen, frozenReason } from "../../../shared/model/freeze.ts";
import type { Instant, ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { hasPausedItself } from "../../../shared/model/queue-pause.ts";
import type { FreezeWindow } from "../../../shared/model/settings.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import { frozenAt } from "../base/freeze-windows.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { PASSED } from "./describe-batch.ts";
import type { QueueView } from "./plan-batches.ts";

/** How often it is looked whether a freeze begins or ends; a look reads no file and starts no program. */
const FREEZE_LOOK_MS = 5_000;

export interface QueueGateParts {
  readonly store: Store;
  readonly clock: Clock;
  /** The windows in which nothing of a project lands. */
  readonly freezesOf: (project: Project) => readonly FreezeWindow[];
}

/**
 * Whether entries may land: what a person paused or froze, what the queue stopped for by itself, and the windows of the settings.
 * It asks the clock whenever it is asked; what is in the project's row is there for people to see.
 */
export class QueueGate {
  readonly #parts: QueueGateParts;

  constructor(parts: QueueGateParts) {
    this.#parts = parts;
  }

  mode(project: Project): QueueView["mode"] {
    if (this.#parts.store.fleet.read().isHalted || hasPausedItself(project)) return "stopped";
    if (project.queue.state === "paused") return "verify";
    return this.#frozen(project) === null ? "land" : "frozen";
  }

  /** Why an entry that has passed does not land now; null where it may. */
  whyWait(project: Project, entry: Pick<EntryRecord, "hotfixAt">): string | null {
    const mode = this.mode(project);
    if (mode === "land") return null;
    const frozen = mode === "frozen" ? this.#frozen(project) : null;
    if (frozen === null) return PASSED;
    return entry.hotfixAt === null ? frozenReason(frozen, this.#parts.clock.now()) : null;
  }

  /** Follows freezes as they come and go, until disposed. */
  run(): Disposable {
    this.look();
    return this.#parts.clock.every(FREEZE_LOOK_MS, () => this.look());
  }

  look(): void {
    const { store } = this.#parts;
    for (const project of store.projects.list()) {
      const frozen = this.#frozen(project);
      const known = project.queue.frozen ?? null;
      if (JSON.stringify(frozen) !== JSON.stringify(known)) this.#save(project.name, { frozen });
    }
  }

  /** Nothing is written where it is so already: each commit wakes the queue. */
  setState(name: ProjectName, state: "running" | "paused", reason: string | null, cause: string) {
    const { store } = this.#parts;
    const known = store.projects.find(name)?.queue;
    if (known?.state === state && known.reason === reason) return;
    store.write(cause, (record) => {
      const queue = store.projects.find(name)?.queue;
      store.projects.update(name, { queue: { ...queue, state, reason } });
      record(state === "paused" ? "queue.paused" : "queue.resumed", name, { reason });
    });
  }

  /** Until a moment, or until a person ends it. Throws `bad-input` where that moment is over. */
  freeze(name: ProjectName, until: Instant | null): void {
    const now = this.#parts.clock.now();
    if (until !== null && Date.parse(until) <= now.getTime())
      throw new SwitchyardError(
        "bad-input",
        `A freeze cannot end at ${until}: that is over.`,
        "Name a moment to come, such as --until 18:00, or leave it out.",
      );
    this.#save(name, { freeze: { since: now.toISOString(), until } });
    this.look();
  }

  /** Ends what a person froze. Throws `wrong-state` where that keeps nothing from landing. */
  unfreeze(name: ProjectName): void {
    const { store, clock } = this.#parts;
    const project = store.projects.find(name);
    const { freeze } = project?.queue ?? {};
    const isByHand = frozenAt(freeze, [], clock.now()) !== null;
    const frozen = project ? this.#frozen(project) : null;
    if (!isByHand) throw notFrozen(name, frozen, clock.now());
    this.#save(name, { freeze: null });
    this.look();
  }

  #frozen(project: Project): Frozen | null {
    const { clock, freezesOf } = this.#parts;
    return frozenAt(project.queue.freeze, freezesOf(project), clock.now());
  }

  #save(name: ProjectName, change: Pick<Project["queue"], "freeze" | "frozen">): void {
    const { store } = this.#parts;
    store.write(change.freeze === undefined ? "queue" : "person", (record) => {
      const project = store.projects.find(name);
      if (!project) return;
      store.projects.update(name, { queue: { ...project.queue, ...change } });
      if (change.frozen === undefined) return;
      record(change.frozen ? "queue.frozen" : "queue.thawed", name, { ...change.frozen });
    });
  }
}

function notFrozen(name: ProjectName, frozen: Frozen | null, now: Date): SwitchyardError {
  if (frozen === null)
    return new SwitchyardError("wrong-state", `The queue of ${name} is not frozen.`);
  return new SwitchyardError(
    "wrong-state",
    `Nobody froze the queue of ${name} by hand. It is frozen ${describeFrozen(frozen, now)}.`,
    "Change queue.freeze in config.yaml, or land what cannot wait: switchyard queue hotfix ENTRY",
  );
}
