/** Until there is a history: one bad branch in sixteen. */
const PRIOR = { bad: 1, all: 16 } as const;
const SIZE_MAX = 32;
/** How many outcomes are remembered: enough to be sure of a few percent, few enough to follow a project that changes. */
export const OUTCOMES_REMEMBERED = 200;

/**
 * How many branches are worth testing together: as many as pass as a whole every second time, given how many of the last ones were
 * returned because a check failed.
 */
export function planBatchSize(outcomes: { readonly bad: number; readonly all: number }): number {
  const bad = (PRIOR.bad + outcomes.bad) / (PRIOR.all + outcomes.all);
  if (bad >= 1) return 1;
  const size = Math.floor(Math.log(0.5) / Math.log(1 - bad));
  return Math.min(Math.max(size, 1), SIZE_MAX);
}
