import type { Concern } from "../../../shared/model/session.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Finding } from "./plan-findings.ts";

/** The person, or the worker itself, has this long to do something about it before the next step. */
export const GRACE_MS = 5 * 60_000;

export type WatchEvent =
  | {
      readonly kind: "looked";
      /** Everything wrong now, the gravest first. */
      readonly findings: readonly Finding[];
      readonly isWorking: boolean;
      /** Its pane shows something that the person is to answer. */
      readonly isAsking: boolean;
      /** Since the last step was taken. */
      readonly sinceMs: number;
      /** ISO 8601. */
      readonly at: string;
    }
  /** Somebody sent it a message. */
  | { readonly kind: "spoken-to" };

export type WatchEffect = { readonly kind: "interrupt" } | { readonly kind: "pause" };

export interface WatchStep {
  readonly concern: Concern | null;
  readonly effect: WatchEffect | null;
}

/**
 * What a watchdog does about one session: first the person is told, then it is interrupted, then it is paused. It never goes a
 * step further within the grace, nor while the person is asked something; it lets go when what was wrong has passed, or when
 * somebody spoke to it. A budget that is used up is not argued with.
 *
 * Invariant: what is paused stays paused, and says so again to whoever looks, so that a pause that a crash cut short is finished.
 */
export function stepWatchdog(concern: Concern | null, event: WatchEvent): WatchStep {
  switch (event.kind) {
    case "spoken-to":
      return stay(concern?.step === "paused" || concern?.kind === "budget" ? concern : null);
    case "looked":
      return concern === null ? begin(event) : goOn(concern, event);
    default:
      return unreachable(event);
  }
}

type Look = Extract<WatchEvent, { kind: "looked" }>;

function begin(look: Look): WatchStep {
  const [gravest] = look.findings;
  if (!gravest) return stay(null);
  if (gravest.weight === "stop") return pause(gravest, look.at);
  return stay({ kind: gravest.kind, text: gravest.text, step: "told", at: look.at });
}

function goOn(concern: Concern, look: Look): WatchStep {
  if (concern.step === "paused") return { concern, effect: { kind: "pause" } };
  const [gravest] = look.findings;
  if (gravest?.weight === "stop") return pause(gravest, look.at);
  switch (concern.step) {
    case "told":
      return afterTold(concern, look);
    case "interrupted":
      return afterInterrupt(concern, look);
    default:
      return unreachable(concern.step);
  }
}

function afterTold(concern: Concern, look: Look): WatchStep {
  const same = look.findings.find(({ kind }) => kind === concern.kind);
  // What it was told for has passed; what else is wrong is told by itself.
  if (!same) return begin(look);
  const isDue = same.weight === "act" && look.sinceMs >= GRACE_MS;
  if (!isDue || look.isAsking || !look.isWorking) return stay(concern);
  return {
    concern: { kind: same.kind, text: same.text, step: "interrupted", at: look.at },
    effect: { kind: "interrupt" },
  };
}

function afterInterrupt(concern: Concern, look: Look): WatchStep {
  // It took the interruption for a reason to do something else.
  const isBetter = look.isWorking && !look.findings.some(({ kind }) => kind === concern.kind);
  if (isBetter) return begin(look);
  if (look.sinceMs < GRACE_MS || look.isAsking) return stay(concern);
  return pause(concern, look.at);
}

function pause({ kind, text }: Pick<Concern, "kind" | "text">, at: string): WatchStep {
  return { concern: { kind, text, step: "paused", at }, effect: { kind: "pause" } };
}

function stay(concern: Concern | null): WatchStep {
  return { concern, effect: null };
}
