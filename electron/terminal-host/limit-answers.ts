/** Thousands of answers: a program has a few dozen questions when it starts, and perhaps one for each of its frames. */
const BURST_BYTES = 64 * 1024;
const BYTES_PER_MS = 1;

/**
 * Gives on what a terminal answers as long as it is no more than a program would read. One that asks and does not read would
 * otherwise have its answers pile up: they are longer than the questions.
 */
export function limitAnswers(
  give: (text: string) => void,
  now = () => performance.now(),
): (text: string) => void {
  let left = BURST_BYTES;
  let lastMs = now();
  return (text) => {
    const nowMs = now();
    left = Math.min(BURST_BYTES, left + (nowMs - lastMs) * BYTES_PER_MS);
    lastMs = nowMs;
    if (text.length > left) return;
    left -= text.length;
    give(text);
  };
}
