import { type Lane, nextDueMs, planTurn } from "./plan-turn.ts";

/** A terminal's bytes on their way into it. */
export interface WriteLane extends Lane {
  /** Writes up to `bytes` of what waits and calls back when they are parsed, or at once if the lane has ended. */
  write(bytes: number, onWritten: () => void): void;
}

/** What one frame may spend on parsing, so that keys and painting keep their share. */
const FRAME_BUDGET_MS = 8;
/** Bytes a millisecond: the start is a careful guess, then it is measured; the bounds keep one odd frame from ruling. */
const SPEED = { start: 20_000, least: 4_000, most: 100_000 } as const;
const SAMPLE_MIN_BYTES = 8_192;

/**
 * Writes to all terminals of the window in fair turns, one turn a frame.
 *
 * Invariant: a turn begins only when everything of the turn before has been parsed.
 */
class TurnRunner {
  #lanes = new Map<string, WriteLane>();
  #isWriting = false;
  #frame: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastServed: string | null = null;
  #bytesPerMs: number = SPEED.start;

  add(lane: WriteLane): () => void {
    this.#lanes.set(lane.id, lane);
    return () => void this.#lanes.delete(lane.id);
  }

  /** New bytes came. What is focused does not wait for the next frame: it may be the echo of a key. */
  wake(lane: WriteLane): void {
    if (this.#isWriting) return;
    if (lane.isFocused) this.#takeTurn();
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== null || this.#isWriting) return;
    const now = performance.now();
    const due = nextDueMs([...this.#lanes.values()], now);
    if (due === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = null;
        this.#takeTurn();
      });
    }, due - now);
  }

  #takeTurn(): void {
    if (this.#isWriting) return;
    const startedAt = performance.now();
    const budget = FRAME_BUDGET_MS * this.#bytesPerMs;
    const turns = planTurn([...this.#lanes.values()], startedAt, budget, this.#lastServed);
    if (turns.length === 0) {
      this.#schedule();
      return;
    }

    this.#isWriting = true;
    let pending = turns.length;
    const written = turns.reduce((sum, turn) => sum + turn.bytes, 0);
    const onWritten = () => {
      pending -= 1;
      if (pending > 0) return;
      this.#isWriting = false;
      this.#learn(written, performance.now() - startedAt);
      this.#schedule();
    };
    for (const turn of turns) {
      const lane = this.#lanes.get(turn.id);
      if (!lane) onWritten();
      else {
        if (!lane.isFocused) this.#lastServed = lane.id;
        lane.write(turn.bytes, onWritten);
      }
    }
  }

  #learn(bytes: number, elapsedMs: number): void {
    if (bytes < SAMPLE_MIN_BYTES || elapsedMs <= 0) return;
    const speed = Math.min(SPEED.most, Math.max(SPEED.least, bytes / elapsedMs));
    this.#bytesPerMs = this.#bytesPerMs * 0.7 + speed * 0.3;
  }
}

/** One for the window, because the frame is one. */
export const turns = new TurnRunner();
