/**
 * What the next session of a task is told: `message` behind what the last one was to be told and gave no sign of having taken up.
 * Null when there is neither.
 */
export function joinHandback(untold: string | null, message: string | null): string | null {
  if (untold === null || message === null) return untold ?? message;
  return `${untold}\n\n${message}`;
}
