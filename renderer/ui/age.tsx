import { useSyncExternalStore } from "react";
import { formatAge } from "../../shared/model/format-time.ts";

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/** One clock for the window; it stands still while nothing shows a time. */
function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const wake of listeners) wake();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** What `read` says now; draws again only when that changes. */
export function useTicking(read: (now: number) => string): string {
  return useSyncExternalStore(onTick, () => read(Date.now()));
}

/** How long ago `since` was, counting on. */
export function Age({ since, className }: { readonly since: string; readonly className?: string }) {
  const text = useTicking((now) => formatAge(since, now));
  return (
    <time dateTime={since} title={new Date(since).toLocaleString()} className={className}>
      {text}
    </time>
  );
}
