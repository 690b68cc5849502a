/** One figure of a benchmark: its median over the runs, and how far they lie apart. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly median: number;
  /** Smallest and largest run. */
  readonly low: number;
  readonly high: number;
  readonly runs: number;
  /** What it is measured against in the same run, with the ratio to it; null for a figure that stands alone. */
  readonly against: {
    readonly what: string;
    readonly median: number;
    readonly ratio: number;
  } | null;
}

export interface Bench {
  readonly name: string;
  run(note: (line: string) => void): Promise<readonly Figure[]>;
}

export function figure(
  what: string,
  unit: string,
  runs: readonly number[],
  against?: { readonly what: string; readonly runs: readonly number[] },
): Figure {
  const median = medianOf(runs);
  const other = against ? medianOf(against.runs) : Number.NaN;
  return {
    what,
    unit,
    median,
    low: Math.min(...runs),
    high: Math.max(...runs),
    runs: runs.length,
    against: against ? { what: against.what, median: other, ratio: median / other } : null,
  };
}

export function medianOf(runs: readonly number[]): number {
  const sorted = runs.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Runs `work` once to warm up and then `count` times; answers with milliseconds a run. */
export async function timeRuns(
  count: number,
  work: () => void | Promise<void>,
): Promise<readonly number[]> {
  await work();
  const runs: number[] = [];
  for (let run = 0; run < count; run++) {
    const startedAt = performance.now();
    await work();
    runs.push(performance.now() - startedAt);
  }
  return runs;
}
