const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Two units at most: `8s`, `12m`, `3h 05m`, `2d 4h`. What is negative counts as nothing. */
export function formatDuration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / 1000))}s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}m`;
  if (ms < DAY_MS) {
    const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
    return `${Math.floor(ms / HOUR_MS)}h ${String(minutes).padStart(2, "0")}m`;
  }
  return `${Math.floor(ms / DAY_MS)}d ${Math.floor((ms % DAY_MS) / HOUR_MS)}h`;
}

/** How long a command took: tenths of a second below ten seconds. */
export function formatElapsed(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms);
}

export function formatAge(instant: string, now: number): string {
  return formatDuration(now - Date.parse(instant));
}

/** The time of day for today, else the day too, in the person's own time zone and habits. */
export function formatClock(instant: string, now: number, zone?: string): string {
  const date = new Date(instant);
  const inZone = zone === undefined ? {} : { timeZone: zone };
  const time = { hour: "2-digit", minute: "2-digit", ...inZone } as const;
  if (isToday(instant, now, zone)) return date.toLocaleTimeString(undefined, time);
  return date.toLocaleString(undefined, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...time,
  });
}

/** `at 14:05`; of another day `on Thu, 26 Nov, 09:00`. */
export function tellClock(instant: string, now: number, zone?: string): string {
  return `${isToday(instant, now, zone) ? "at" : "on"} ${formatClock(instant, now, zone)}`;
}

function isToday(instant: string, now: number, zone?: string): boolean {
  const inZone = zone === undefined ? {} : { timeZone: zone };
  const dayOf = (moment: Date) => moment.toLocaleDateString("en-CA", inZone);
  return dayOf(new Date(instant)) === dayOf(new Date(now));
}
