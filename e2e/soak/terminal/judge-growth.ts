/** One thing that is counted, and by how much it may be more at the end than once everything was warm. */
export interface Bound {
  readonly share: number;
  readonly absolute: number;
}

export interface Growth {
  /** Mean of the second quarter of the samples: all is open, nothing is new. */
  readonly warm: number;
  /** Mean of the last quarter. */
  readonly end: number;
  readonly allowed: number;
  readonly isFlat: boolean;
}

/** Compares quarters and not single samples, because a collector of garbage gives back what it likes when it likes. */
export function judgeGrowth(samples: readonly number[], bound: Bound): Growth {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) throw new Error(`${samples.length} samples are too few to say anything`);
  const warm = meanOf(samples.slice(quarter, 2 * quarter));
  const end = meanOf(samples.slice(-quarter));
  const allowed = warm * (1 + bound.share) + bound.absolute;
  return { warm, end, allowed, isFlat: end <= allowed };
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
