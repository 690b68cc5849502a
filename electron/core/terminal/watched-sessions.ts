import type { SessionId } from "../../../shared/model/ids.ts";

/** Which sessions somebody looks at: in a window's pane, or in a terminal that is attached. */
export class WatchedSessions {
  readonly #looks = new Map<SessionId, number>();

  /** Returns what is called when this look is over. */
  enter(session: SessionId): () => void {
    this.#looks.set(session, (this.#looks.get(session) ?? 0) + 1);
    return () => {
      const left = (this.#looks.get(session) ?? 1) - 1;
      if (left > 0) this.#looks.set(session, left);
      else this.#looks.delete(session);
    };
  }

  isWatched(session: SessionId): boolean {
    return this.#looks.has(session);
  }
}
