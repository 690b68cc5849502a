import { behindReason, checkoutReason } from "../../../shared/model/held-by-checkout.ts";
import type { EntryId } from "../../../shared/model/ids.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Log } from "../base/log.ts";
import { changedFiles } from "../git/diff.ts";
import { type MoveOutcome, moveTarget } from "../git/move-target.ts";
import { healTarget } from "../git/move-target-back.ts";
import { isAncestor, type Repository, readRef, writeRef } from "../git/repository.ts";
import type { Landing, Store } from "../store/store.ts";
import { explainError } from "./explain-error.ts";
import type { EntryEvent } from "./queue-machine.ts";
import type { QueuePlace } from "./queue-place.ts";
import { queueRef } from "./queue-ref.ts";

type EventOf = (id: EntryId) => EntryEvent;

/** Moves targets: what comes of it for each entry that lands with it. */
export class LandingWork {
  readonly #store: Store;
  readonly #place: QueuePlace;
  readonly #log: Log;

  constructor(store: Store, place: QueuePlace, log: Log) {
    this.#store = store;
    this.#place = place;
    this.#log = log;
  }

  /** Moves the target, or finds it moved. Not cancelled: it is short, and cut off it would have to be mended. */
  async land(landing: Landing): Promise<EventOf> {
    try {
      const { target, from, to } = landing;
      const repo = await this.#place.repository(this.#place.project(landing.project));
      const note = `switchyard land ${landing.entries.join(" ")}`;
      const outcome = await moveTarget({ repo, target, from, to, note });
      if (outcome.kind === "moved") {
        await writeRef(repo, queueRef(this.#store, "undo", String(landing.id)), from);
      }
      return await this.#eventsOf(repo, landing, outcome);
    } catch (error) {
      this.#log.error({ error, project: landing.project }, "moving the target failed");
      return this.#find(landing, explainError(error));
    }
  }

  /** Whether nothing has moved, once what was begun in a checkout is mended. False where git cannot be asked. */
  async isUnmade({ project, target, from }: Landing): Promise<boolean> {
    try {
      const repo = await this.#place.repository(this.#place.project(project));
      await healTarget({ repo, target });
      return (await readRef(repo, `refs/heads/${target}`)) === from;
    } catch (error) {
      this.#log.error({ error, project }, "a landing could not be looked at");
      return false;
    }
  }

  /**
   * What git says of a landing whose move threw: it may have been made all the same. Where git cannot be asked, e.g. because the
   * repository is not there, the entries are held: built anew after that, work that had landed is found to be there already.
   */
  async #find(landing: Landing, problem: string): Promise<EventOf> {
    const isMade = await this.#isMade(landing).catch(() => false);
    if (isMade) return () => ({ kind: "moved" });
    return () => ({ kind: "hindered", reason: problem, files: [] });
  }

  async #isMade({ project, target, to }: Landing): Promise<boolean> {
    const repo = await this.#place.repository(this.#place.project(project));
    const now = await readRef(repo, `refs/heads/${target}`);
    return now !== null && (await isAncestor(repo, to, now));
  }

  async #eventsOf(repo: Repository, landing: Landing, outcome: MoveOutcome): Promise<EventOf> {
    const { target } = landing;
    switch (outcome.kind) {
      case "moved":
        return () => ({ kind: "moved" });
      case "target-moved":
        return () => ({ kind: "came-back", reason: movedReason(target) });
      case "held": {
        const { files } = outcome;
        const blocked = await this.#touching(repo, landing, files);
        const reason = checkoutReason(outcome.reason);
        const behind = behindReason([...blocked]);
        return (id) =>
          blocked.has(id)
            ? { kind: "hindered", reason, files }
            : { kind: "hindered", reason: behind, files: [] };
      }
      default:
        return unreachable(outcome);
    }
  }

  /** Those of a landing that change what is in the way; all of them where that cannot be told. */
  async #touching(
    repo: Repository,
    { entries }: Landing,
    files: readonly string[],
  ): Promise<ReadonlySet<EntryId>> {
    const touching = new Set<EntryId>();
    for (const id of entries) {
      const { base, candidate } = this.#store.entries.find(id) ?? {};
      if (!base || !candidate) continue;
      const changed = await changedFiles(repo, base, candidate);
      if (changed.some(({ path }) => files.includes(path))) touching.add(id);
    }
    return touching.size > 0 ? touching : new Set(entries);
  }
}

export function movedReason(target: string): string {
  return `${target} has moved; it is tested again on top of that`;
}
