const FIRST_MS = 300;
const LONGEST_MS = 5_000;

/** A restart of the core takes a second or two, so the first tries come quickly and none is ever far away. */
export function retryDelayMs(attempts: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1));
}
