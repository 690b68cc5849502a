/** One figure of a benchmark: its median over the runs, and how far they lie apart. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly median: number;
  /** Smallest and largest run. */
  readonly low: number;
  readonly high: number;
  readonly runs: number;
  /** What it is measured against in the same run; null for a figure that stands alone. */
  readonly against: {
    readonly what: string;
    readonly median: number;
    /** Each run against the other thing's run beside it: what the machine was busy with at that time touches both. */
    readonly ratio: number;
    readonly ratioLow: number;
    readonly ratioHigh: number;
  } | null;
  /** What is wanted of it; mostly nothing. */
  readonly targets: readonly Target[];
}

export interface Target {
  readonly of: "ratio" | "median" | "every run";
  readonly bound: "at most" | "at least";
  readonly value: number;
  /** The row of the merge queue's targets that it answers. */
  readonly row: number | null;
}

export interface Bench {
  readonly name: string;
  run(surroundings: BenchSurroundings): Promise<readonly Figure[]>;
}

/** What is simulated and not measured: it gives the same on every machine, and has a page of its own. */
export interface Simulation {
  readonly name: string;
  /** Below `docs/`. */
  readonly page: string;
  /** The tables of that page. */
  simulate(surroundings: BenchSurroundings): Promise<string>;
}

export interface BenchSurroundings {
  /** Says how far it is. */
  note(line: string): void;
  readonly signal: AbortSignal;
}

/** `against.runs` holds as many runs as `runs`, each made right beside its counterpart. */
export function figure(
  what: string,
  unit: string,
  runs: readonly number[],
  against?: { readonly what: string; readonly runs: readonly number[] },
): Figure {
  return {
    what,
    unit,
    median: medianOf(runs),
    low: Math.min(...runs),
    high: Math.max(...runs),
    runs: runs.length,
    against: against ? compare(runs, against) : null,
    targets: [],
  };
}

/** The figure with one more target. */
export function wanted(
  figure: Figure,
  of: Target["of"],
  bound: Target["bound"],
  value: number,
  row: number | null = null,
): Figure {
  return { ...figure, targets: [...figure.targets, { of, bound, value, row }] };
}

export function isKept({ median, low, high, against }: Figure, target: Target): boolean {
  const { of, bound, value } = target;
  const worst = bound === "at most" ? high : low;
  const measured = { ratio: against?.ratio ?? Number.NaN, median, "every run": worst }[of];
  return bound === "at most" ? measured <= value : measured >= value;
}

function compare(
  runs: readonly number[],
  against: { readonly what: string; readonly runs: readonly number[] },
): Figure["against"] {
  const ratios = runs.map((run, n) => run / (against.runs[n] ?? Number.NaN));
  return {
    what: against.what,
    median: medianOf(against.runs),
    ratio: medianOf(ratios),
    ratioLow: Math.min(...ratios),
    ratioHigh: Math.max(...ratios),
  };
}

export function medianOf(runs: readonly number[]): number {
  const sorted = runs.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Of a hundred runs, all but one are smaller. */
export function percentile99Of(runs: readonly number[]): number {
  return runs.toSorted((a, b) => a - b)[Math.floor(runs.length * 0.99)] ?? Number.NaN;
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

/** Milliseconds that `work` takes. */
export async function timeOnce(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
