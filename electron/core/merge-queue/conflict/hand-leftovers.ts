import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { EntryId } from "../../../../shared/model/ids.ts";
import type { Project } from "../../../../shared/model/project.ts";
import { isOpen } from "../../../../shared/model/queue-entry.ts";
import { withLeftover } from "../../../../shared/model/resolution.ts";
import type { Clock } from "../../base/clock.ts";
import type { DataFolder } from "../../base/data-folder.ts";
import type { Log } from "../../base/log.ts";
import { Repeat } from "../../base/repeat.ts";
import { dropHandResolution, isSpareHand } from "../../git/hand-resolution.ts";
import type { EntryRecord, Store } from "../../store/store.ts";
import type { QueuePlace } from "../queue-place.ts";
import { listResolutions } from "./resolutions.ts";

const LOOK_MS = 10 * 60_000;
const WORKTREE = /^resolve-(q-\d+)$/;
const DRAFT = /^([0-9a-f]{40,64})\.json$/;

export interface HandLeftoversParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly folder: Pick<DataFolder, "worktrees">;
  readonly place: QueuePlace;
}

/**
 * Takes away what was begun to resolve a conflict by hand and is of no use any more, because the entry left the queue otherwise. A worktree
 * in which a person made something stays, and is named in the entry's reason and in the log.
 */
export class HandLeftovers implements AsyncDisposable {
  readonly #parts: HandLeftoversParts;
  readonly #looks: Repeat;
  /** Worktrees that were named. */
  readonly #named = new Set<string>();

  constructor(parts: HandLeftoversParts) {
    this.#parts = parts;
    const { clock, log } = parts;
    this.#looks = new Repeat({
      ...{ clock, everyMs: LOOK_MS, work: () => this.sweep() },
      onError: (error) => log.error({ error }, "what is left of conflicts could not be looked at"),
    });
  }

  run(): void {
    this.#looks.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#looks[Symbol.asyncDispose]();
  }

  async sweep(): Promise<void> {
    for (const project of this.#parts.store.projects.list()) {
      const folder = join(this.#parts.folder.worktrees, project.name);
      for (const name of await namesIn(folder)) {
        const id = WORKTREE.exec(name)?.[1];
        const entry = id && this.#parts.store.entries.find(EntryId.parse(id));
        if (entry && this.#isOver(entry)) await this.#dropSpare(project, entry, join(folder, name));
      }
      await this.#sweepDrafts(project, join(folder, ".drafts"));
    }
  }

  async #dropSpare(project: Project, entry: EntryRecord, path: string): Promise<void> {
    const { store, place, log } = this.#parts;
    const repo = await place.repository(project);
    const kept = await listResolutions(store, repo, entry);
    if (await isSpareHand({ repo, path }, entry.head, kept)) {
      await dropHandResolution({ repo, path });
    } else if (!this.#named.has(path)) {
      this.#named.add(path);
      const what = `${entry.id} left the queue, and what you made for its conflict is still in ${path}`;
      log.warn({ entry: entry.id, path }, what);
      this.#tell(entry, path);
    }
  }

  #tell({ id, task, project }: EntryRecord, path: string): void {
    const { store } = this.#parts;
    const { reason } = store.entries.find(id) ?? { reason: null };
    const told = withLeftover(reason, id, path);
    if (told === reason) return;
    store.write("queue", (record) => {
      store.entries.update(id, { reason: told });
      record("queue.resolution-left", id, { task, project, path });
    });
  }

  /** Choices are of use as long as the same commit can be queued anew. */
  async #sweepDrafts({ name }: Project, folder: string): Promise<void> {
    for (const file of await namesIn(folder)) {
      const head = DRAFT.exec(file)?.[1];
      if (head === undefined) continue;
      const landed = this.#parts.store.entries
        .list({ project: name, isOpen: false })
        .some((entry) => entry.head === head && entry.state === "landed");
      if (landed) await rm(join(folder, file), { force: true });
    }
  }

  /** Nobody can resolve it any more: what came back can be, until its task has a newer one. */
  #isOver({ id, task, state, enqueuedAt }: EntryRecord): boolean {
    if (isOpen(state)) return false;
    const others = this.#parts.store.entries.list({ task }).filter((each) => each.id !== id);
    return state !== "returned" || others.some((each) => each.enqueuedAt > enqueuedAt);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}
