import { playQueue } from "../electron/core/merge-queue/play-queue.ts";

/** What a policy made of one queue. */
export interface QueueCost {
  readonly landed: number;
  readonly runs: number;
  /** In full runs: one that fails ends early. */
  readonly work: number;
  /** How long it takes, in full runs; two beside each other get on half again as fast as one. */
  readonly time: number;
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

/** What two runs beside each other get done in the time of one. */
const TOGETHER = 1.5;

/** The planner of the app, with the batch size it learns. */
export function runBatches(queue: InventedQueue): QueueCost {
  return runSections(queue, 1);
}

/** The same with two runs beside each other while the one that fails is looked for. */
export function runTwoSections(queue: InventedQueue): QueueCost {
  return runSections(queue, 2);
}

function runSections({ isBad, isFlaky }: InventedQueue, sections: number): QueueCost {
  const branches = isBad.map((bad) => ({ isBad: bad }));
  const played = playQueue({ branches, isFlaky, size: "learned", sections });
  const works = played.runs.map(({ isGreen }) => (isGreen ? 1 : RED_RUN));
  const steps = played.runSteps.map((count) => works.splice(0, count));
  const sum = (list: readonly number[]) => list.reduce((total, work) => total + work, 0);
  return {
    landed: played.landings.flat().length,
    runs: played.runs.length,
    work: sum(steps.flat()),
    time: sum(steps.map((step) => sum(step) / (step.length > 1 ? TOGETHER : 1))),
    wronglyReturned: played.returned.filter(({ branch }) => !isBad[branch]).length,
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
    const [landed, runs, work] = [this.#landed, this.#runs, this.#work];
    return { landed, runs, work, time: work, wronglyReturned };
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
