const CLOCK = /^(\d{1,2}):(\d{2})$/;

/** Minutes since midnight of a time like `08:05`. */
export function parseClock(text) {
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  if (hours === undefined || hours > 23 || minutes > 59) throw new Error(`not a time: ${text}`);
  return Number(hours) * 60 + Number(minutes);
}

/** `08:05` for minutes since midnight. */
export function formatClock(minutes) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
