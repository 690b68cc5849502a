/** `held (the checkout is in the way)`. */
export function withReason(state: string, reason: string | null): string {
  return reason === null ? state : `${state} (${reason})`;
}
