/**
 * Waits for answers until `signal` aborts: null for those that have not come by then. One that is late, or never comes, then holds
 * nothing of what waited for it, not even by the stack of an error: a closed terminal is a hundred nodes and its scrollback.
 */
export function waitUntil(signal: AbortSignal): <T>(answer: Promise<T>) => Promise<T | null> {
  const waiting = new Set<() => void>();
  let isOver = signal.aborted;
  const end = () => {
    isOver = true;
    for (const leave of waiting) leave();
    waiting.clear();
  };
  signal.addEventListener("abort", end, { once: true });
  return (answer) =>
    new Promise((resolve, reject) => {
      const leave = () => resolve(null);
      if (isOver) return leave();
      waiting.add(leave);
      answer.then(resolve, reject).finally(() => waiting.delete(leave));
    });
}
