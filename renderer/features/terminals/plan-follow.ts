/** How long a person has not typed before the focus may go elsewhere. */
const QUIET_MS = 3_000;
/** When a form or a dialog is open: how soon it is looked at again. */
const FORM_MS = 1_000;

export interface FollowSight {
  /** What needs the person, whoever waits longest first. */
  readonly inNeed: readonly string[];
  /** Those the focus was at since they are in need. */
  readonly visited: ReadonlySet<string>;
  readonly focused: string | null;
  readonly now: number;
  /** When a key was last pressed, on the same clock. */
  readonly typedAt: number;
  /** A form, a dialog or a search has the keyboard. */
  readonly isInForm: boolean;
}

export type Follow =
  | { readonly kind: "go"; readonly to: string }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "stay" };

/** Where the focus goes by itself: to what needs the person and was not looked at, one after the other, and never while they type. */
export function planFollow(sight: FollowSight): Follow {
  const { inNeed, visited, focused, now, typedAt, isInForm } = sight;
  const next = inNeed.find((id) => !visited.has(id));
  if (next === undefined || (focused !== null && inNeed.includes(focused))) return { kind: "stay" };
  const quietIn = typedAt + QUIET_MS - now;
  if (quietIn > 0) return { kind: "wait", ms: quietIn };
  return isInForm ? { kind: "wait", ms: FORM_MS } : { kind: "go", to: next };
}
