/** What one frame may spend on opening terminals. A key waits less than 50 ms, and a slow painter is not asked for a frame each. */
const FRAME_BUDGET_MS = 24;

interface Opening {
  run(): void;
}

/** A place in the queue of terminals that are opened. */
export interface Turn {
  /** Opens it now, because a person looks at it. */
  hurry(): void;
  /** It is not wanted any more; one that was opened stays open. */
  leave(): void;
}

/**
 * Opens many terminals without holding up the window: the first at once, the others a few with each frame in the order they
 * came. Whatever is typed, painted or read meanwhile has its share.
 */
export class OpeningQueue {
  readonly #nextFrame: (run: () => void) => void;
  readonly #now: () => number;
  readonly #waiting: Opening[] = [];
  #isRunning = false;

  constructor(nextFrame: (run: () => void) => void, now: () => number) {
    this.#nextFrame = nextFrame;
    this.#now = now;
  }

  join(run: () => void): Turn {
    const opening = { run };
    if (this.#isRunning) this.#waiting.push(opening);
    else {
      run();
      this.#isRunning = true;
      this.#nextFrame(this.#takeTurn);
    }
    const remove = () => {
      const place = this.#waiting.indexOf(opening);
      if (place >= 0) this.#waiting.splice(place, 1);
      return place >= 0;
    };
    return {
      hurry: () => {
        if (remove()) run();
      },
      leave: () => void remove(),
    };
  }

  readonly #takeTurn = (): void => {
    const startedAt = this.#now();
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      next.run();
      if (this.#now() - startedAt >= FRAME_BUDGET_MS) break;
    }
    this.#isRunning = this.#waiting.length > 0;
    if (this.#isRunning) this.#nextFrame(this.#takeTurn);
  };
}

/** One for the window, because the frame is one. */
export const openings = new OpeningQueue(
  (run) => void requestAnimationFrame(run),
  () => performance.now(),
);
