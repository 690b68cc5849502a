import { playQueue } from "../electron/core/merge-queue/play-queue.ts";

/** What a policy made of one queue. */
export interface QueueCost {
  readonly landed: number;
  readonly runs: number;
  /** In full runs: one that fails ends early. */
  readonly work: number;
  /** Good branches that were sent back. */
  readonly wronglyReturned: number;
}

/** A queue of which the truth is known: bad branches, and runs that are red on good trees. */
export interface InventedQueue {
  readonly isBad: readonly boolean[];
  readonly isFlaky: () => boolean;
}

/** How much of a whole run a red one takes, on the average. */
const RED_RUN = 0.7;

/** The planner of the app, with the batch size it learns. */
export function runBatches({ isBad, isFlaky }: InventedQueue): QueueCost {
  const branches = isBad.map((bad) => ({ isBad: bad }));
  const { landings, returned, runs } = playQueue({ branches, isFlaky, size: "learned" });
  return {
    landed: landings.flat().length,
    runs: runs.length,
    work: runs.reduce((sum, { isGreen }) => sum + (isGreen ? 1 : RED_RUN), 0),
    wronglyReturned: returned.filter(({ branch }) => !isBad[branch]).length,
  };
}

/** One at a time, a red one once more. */
export function runSerially(queue: InventedQueue): QueueCost {
  const count = new Counter(queue);
  for (const branch of queue.isBad.keys()) {
    if (count.run([branch]) || count.run([branch])) count.land([branch]);
    else count.sendBack(branch);
  }
  return count.cost;
}

/**
 * Batches of five, a red one whole once more, then halved; who is to blame is inferred and not run again, and what is left is
 * run once before it lands.
 */
export function runFixedBatches(queue: InventedQueue): QueueCost {
  const count = new Counter(queue);
  for (let from = 0; from < queue.isBad.length; from += 5) {
    const batch = [...queue.isBad.keys()].slice(from, from + 5);
    if (count.run(batch) || count.run(batch)) {
      count.land(batch);
      continue;
    }
    const blamed = findByHalves(count, batch, []);
    for (const branch of blamed) count.sendBack(branch);
    const rest = batch.filter((branch) => !blamed.includes(branch));
    if (rest.length === 0) continue;
    if (count.run(rest) || count.run(rest)) count.land(rest);
    else for (const branch of rest) count.sendBack(branch);
  }
  return count.cost;
}

/** `red` is known to fail on top of `passed`. */
function findByHalves(
  count: Counter,
  red: readonly number[],
  passed: readonly number[],
): readonly number[] {
  if (red.length < 2) return red;
  const [left, right] = [red.slice(0, red.length >> 1), red.slice(red.length >> 1)];
  if (count.run([...passed, ...left])) return findByHalves(count, right, [...passed, ...left]);
  const blamed = findByHalves(count, left, passed);
  const kept = [...passed, ...left.filter((branch) => !blamed.includes(branch))];
  if (count.run([...kept, ...right])) return blamed;
  return [...blamed, ...findByHalves(count, right, kept)];
}

class Counter {
  readonly #queue: InventedQueue;
  #landed = 0;
  #runs = 0;
  #work = 0;
  #wronglyReturned = 0;

  constructor(queue: InventedQueue) {
    this.#queue = queue;
  }

  get cost(): QueueCost {
    const wronglyReturned = this.#wronglyReturned;
    return { landed: this.#landed, runs: this.#runs, work: this.#work, wronglyReturned };
  }

  run(branches: readonly number[]): boolean {
    const { isBad, isFlaky } = this.#queue;
    const isGreen = !branches.some((each) => isBad[each]) && !isFlaky();
    this.#runs += 1;
    this.#work += isGreen ? 1 : RED_RUN;
    return isGreen;
  }

  land(branches: readonly number[]): void {
    this.#landed += branches.length;
  }

  sendBack(branch: number): void {
    if (!this.#queue.isBad[branch]) this.#wronglyReturned += 1;
  }
}
