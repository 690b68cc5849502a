/** Runs works one at a time, in the order they came. A work that fails rejects its own caller and holds up nobody. */
export interface Lane {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everything that was asked for has ended, works added meanwhile included. */
  idle(): Promise<void>;
}

export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();

  return {
    run(work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
    async idle() {
      for (let seen: Promise<unknown> | null = null; seen !== last; await seen) seen = last;
    },
  };
}
