import type { SessionId } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";
import { tellingLines } from "./telling-lines.ts";

/** One miniature a turn, however many there are: the host is asked four times a second, and one element is painted. */
const TURN_MS = 250;
const LINES = 6;
/** Those, what is blank between them, and the box to write in. */
const LINES_ASKED = 24;

interface Miniature {
  readonly session: SessionId;
  readonly element: HTMLElement;
}

/** Keeps the last lines of terminals that have no pane on view, one after the other, never two at once. */
class PeekRotation {
  readonly #miniatures: Miniature[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Returns the way to leave. */
  join(session: SessionId, element: HTMLElement): () => void {
    const miniature = { session, element };
    // Whoever is new has seen nothing yet.
    this.#miniatures.unshift(miniature);
    this.#schedule();
    return () => {
      const at = this.#miniatures.indexOf(miniature);
      if (at >= 0) this.#miniatures.splice(at, 1);
    };
  }

  #schedule(): void {
    if (this.#timer !== null || this.#miniatures.length === 0) return;
    this.#timer = setTimeout(() => {
      void this.#takeTurn().finally(() => {
        this.#timer = null;
        this.#schedule();
      });
    }, TURN_MS);
  }

  async #takeTurn(): Promise<void> {
    const next = this.#miniatures.shift();
    if (!next) return;
    this.#miniatures.push(next);
    if (document.hidden) return;
    try {
      const { lines } = await call("session.peek", { session: next.session, lines: LINES_ASKED });
      const text = tellingLines(lines, LINES).join("\n");
      if (next.element.textContent !== text) next.element.textContent = text;
    } catch {
      // It has ended meanwhile, or the connection is lost: what was seen last stays.
    }
  }
}

export const peeks = new PeekRotation();
