import type { SessionId } from "../../../shared/model/ids.ts";

/** One look at a session, from one window. */
export interface Look {
  /** Whether the keyboard is in its pane there. */
  focus(isFocused: boolean): void;
  leave(): void;
}

/** Which sessions somebody looks at, and where the keyboard is: in a window's pane, or in a terminal that is attached. */
export class WatchedSessions {
  readonly #looks = new Map<SessionId, Map<Look, boolean>>();

  enter(session: SessionId, isFocused = false): Look {
    const looks = this.#looks.get(session) ?? new Map<Look, boolean>();
    this.#looks.set(session, looks);
    const look: Look = {
      focus: (isFocusedNow) => {
        if (looks.has(look)) looks.set(look, isFocusedNow);
      },
      leave: () => {
        looks.delete(look);
        if (looks.size === 0 && this.#looks.get(session) === looks) this.#looks.delete(session);
      },
    };
    looks.set(look, isFocused);
    return look;
  }

  isWatched(session: SessionId): boolean {
    return this.#looks.has(session);
  }

  /** Somebody may be typing into it. */
  hasKeyboard(session: SessionId): boolean {
    return [...(this.#looks.get(session)?.values() ?? [])].includes(true);
  }
}
