import type { Refusal } from "../../../shared/model/refusal.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import {
  currentUse,
  type UsageWindows,
  type WindowName,
} from "../../../shared/model/usage-window.ts";

/** Not everybody comes back in the second in which a window begins anew. */
const RESET_JITTER_MS = 120_000;
const THROTTLE_FIRST_MS = 10_000;
/** A window of which nothing is known but that it is used up is looked at again after this long, then ever more rarely. */
const UNKNOWN_FIRST_MS = 60_000;
/** A window that was below this minutes ago is not used up now, whatever the refusal's words call it. */
const SURELY_LEFT_PERCENT = 95;
const LONGEST_MS = 15 * 60_000;
/** So that what was refused together does not come back together. */
const SPREAD = 0.25;

/** How long a profile rests, and whether the end is a reset that was told (a later one told anew makes the rest longer) or a guess. */
export interface Rest {
  readonly kind: "reset" | "guess";
  /** Before this it does not go on, jitter left out. */
  readonly overAtMs: number;
  readonly jitterMs: number;
}

/**
 * When work of a profile may go on that was refused. Null: waiting does not help, the person has to do something.
 * What was measured goes before the refusal's words: a call that was refused while its window has much left was throttled.
 * `earlier`: how many refusals in a row came before this one with no answer between. `random`: 0 to 1.
 */
export function planRest(told: {
  readonly refusal: Refusal;
  readonly windows: UsageWindows;
  readonly nowMs: number;
  readonly earlier: number;
  readonly random: number;
}): Rest | null {
  const { windows, nowMs, earlier, random } = told;
  const refusal = hasMuchLeft(told) ? ({ kind: "throttled" } as const) : told.refusal;
  if (refusal.kind === "spend") return null;
  const measured = spentUntil(windows, nowMs);
  const reset = measured ?? (refusal.kind === "window" ? refusal.resetsAt : null);
  if (reset !== null)
    return {
      kind: "reset",
      overAtMs: Date.parse(reset),
      jitterMs: jitter(RESET_JITTER_MS, random),
    };
  const ms = Math.min(firstGuessMs(refusal) * 2 ** earlier, LONGEST_MS);
  return { kind: "guess", overAtMs: nowMs + ms, jitterMs: jitter(ms * SPREAD, random) };
}

/** Whether the window that the refusal's words name was measured within minutes, and far from used up. */
function hasMuchLeft({ refusal, windows, nowMs }: Parameters<typeof planRest>[0]): boolean {
  if (refusal.kind !== "window" || refusal.name === null) return false;
  const use = currentUse(windows[refusal.name], refusal.name, nowMs);
  return use?.confidence === "high" && use.usedPercent < SURELY_LEFT_PERCENT;
}

/** When the last of the windows that are used up begins anew; null while none is. */
export function spentUntil(windows: UsageWindows, nowMs: number): string | null {
  const names = ["fiveHour", "sevenDay"] as const satisfies readonly WindowName[];
  const resets = names.flatMap((name) => {
    const use = currentUse(windows[name], name, nowMs);
    return use && use.usedPercent >= 100 ? (windows[name]?.resetsAt ?? []) : [];
  });
  return resets.toSorted().at(-1) ?? null;
}

function firstGuessMs({ kind }: Exclude<Refusal, { kind: "spend" }>): number {
  switch (kind) {
    case "window":
      return UNKNOWN_FIRST_MS;
    case "throttled":
    case "crowded":
      return THROTTLE_FIRST_MS;
    default:
      return unreachable(kind);
  }
}

function jitter(ms: number, random: number): number {
  return Math.round(ms * random);
}
