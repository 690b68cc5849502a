/** One thing that is counted, and by how much it may be more at the end than once everything was warm. */
export interface Bound {
  readonly share: number;
  readonly absolute: number;
}

export interface Growth {
  /** The least of the second quarter of the samples: all is open, nothing is new. */
  readonly warm: number;
  /** The least of the last quarter. */
  readonly end: number;
  readonly allowed: number;
  readonly isFlat: boolean;
}

/** Compares the least of quarters, because a collector of garbage gives back what it likes when it likes, and what is kept for good is in every sample. */
export function judgeGrowth(samples: readonly number[], bound: Bound): Growth {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) throw new Error(`${samples.length} samples are too few to say anything`);
  const warm = Math.min(...samples.slice(quarter, 2 * quarter));
  const end = Math.min(...samples.slice(-quarter));
  const allowed = warm * (1 + bound.share) + bound.absolute;
  return { warm, end, allowed, isFlat: end <= allowed };
}
