import fc from "fast-check";
import { hasConflict, type InventedBranch, isGood } from "./play-queue.ts";

/** For tests only: what one at a time gives: each in its turn, on top of what has landed. */
export function oneAtATime(branches: readonly InventedBranch[]) {
  const landed: number[] = [];
  const returned: number[] = [];
  for (;;) {
    const next = branches.findIndex(
      ({ parent = null }, at) =>
        !landed.includes(at) &&
        !returned.includes(at) &&
        (parent === null || landed.includes(parent)),
    );
    if (next === -1) return { landed, returned };
    const fits = !hasConflict(branches, next, landed) && isGood(branches, [...landed, next]);
    (fits ? landed : returned).push(next);
  }
}

const earlier = (at: number) =>
  fc.subarray(
    Array.from({ length: at }, (_, n) => n),
    { maxLength: Math.min(at, 2) },
  );
/** For tests only: one of `of` is so. */
export const oneIn = (of: number) => fc.nat(of - 1).map((drawn) => drawn === 0);
/** For tests only: up to twenty branches, of which some are bad, clash, conflict or wait for another. */
export const anyQueue = fc.integer({ min: 0, max: 20 }).chain((length) =>
  fc.tuple(
    ...Array.from({ length }, (_, at) =>
      fc.record({
        isBad: oneIn(5),
        clashesWith: fc.option(earlier(at), { freq: 3, nil: [] }),
        conflictsWith: fc.option(earlier(at), { freq: 4, nil: [] }),
        parent: fc.option(
          fc.nat(Math.max(0, length - 1)).filter((other) => other !== at || length === 1),
          {
            freq: 4,
          },
        ),
      }),
    ),
  ),
) as fc.Arbitrary<readonly InventedBranch[]>;
