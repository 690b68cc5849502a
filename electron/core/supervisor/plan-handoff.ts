import type { Session } from "../../../shared/model/session.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";

/** Where work by one model gets worse by experience, and where there is still room to write the note with care. */
const ASK_AT_TOKENS = 140_000;
const ASK_AT_SHARE = 0.7;
/** Above the ask by this, or in the window by that much: then nothing is asked any more. */
const TAKE_ABOVE_ASK = 1.25;
const TAKE_AT_SHARE = 0.85;
/** Here the CLI stops by itself, without a hook: at 190,000 of 200,000 (measured), less what one answer may add. */
const FULL_AT_SHARE = 0.93;
/**
 * A message typed while a turn runs is confirmed at once and taken up with the next result of a tool, or 0.2 s after the turn
 * (measured with 2.1.329): only who rests this long has done with it.
 */
const TAKEN_UP_MS = 5_000;
/** Two that did not arrive: something else has the keyboard. */
const ASKS_MAX = 2;

/** As `agents.worker.handoff-at` says it: tokens, a share such as "70%", or off; undefined is the default. */
export type HandoffAt = number | string | undefined;

interface Limits {
  readonly askAt: number;
  readonly takeAt: number;
  readonly fullAt: number;
}

/** In tokens of a context window; null when sessions are never asked. */
export function handoffLimits(setting: HandoffAt, window: number): Limits | null {
  if (setting === "off") return null;
  const askAt = askAtTokens(setting, window);
  const ceiling = Math.max(askAt, window * TAKE_AT_SHARE);
  return {
    askAt,
    takeAt: Math.min(askAt * TAKE_ABOVE_ASK, ceiling),
    fullAt: window * FULL_AT_SHARE,
  };
}

function askAtTokens(setting: HandoffAt, window: number): number {
  if (typeof setting === "number") return setting;
  const share = setting === undefined ? Number.NaN : Number.parseFloat(setting) / 100;
  return Number.isFinite(share) ? window * share : Math.min(ASK_AT_TOKENS, window * ASK_AT_SHARE);
}

export interface HandoffView {
  readonly state: Session["state"];
  /** How long it has been in that state. */
  readonly sinceMs: number;
  readonly context: Session["context"];
  readonly setting: HandoffAt;
  readonly ask: { readonly times: number; readonly isDelivered: boolean } | null;
  /** Its task waits for the person. */
  readonly isForPerson: boolean;
  /** Its work is being checked because it said that it is done. */
  readonly isFinishing: boolean;
}

export type HandoffStep =
  | { readonly kind: "none" }
  /** Ask it to commit and to hand over. */
  | { readonly kind: "ask" }
  /** Look again then. */
  | { readonly kind: "wait"; readonly ms: number }
  /** Write the note without it. */
  | { readonly kind: "take"; readonly why: string }
  /** It has room again, or is not to be asked any more. */
  | { readonly kind: "forget" };

const NONE: HandoffStep = { kind: "none" };

/**
 * What is to be done about a session's context now. It looks at what is and at what was asked, so that looking again after a
 * crash is the same as looking once.
 *
 * Invariant: nothing is asked and nothing taken while its pane shows a dialog or its work is being checked.
 */
export function planHandoff(view: HandoffView): HandoffStep {
  const { context, ask } = view;
  const limits = context && handoffLimits(view.setting, context.window);
  if (!context || !limits || context.tokens < limits.askAt)
    return ask === null ? NONE : { kind: "forget" };
  if (view.isFinishing) return NONE;
  const used = `${context.tokens.toLocaleString("en-US")} of ${context.window.toLocaleString("en-US")} tokens are in use`;
  switch (view.state) {
    case "interrupted":
      // Cut short by the person, who will say how to go on; or by a full context, which hears nothing any more.
      return context.tokens >= limits.fullAt ? { kind: "take", why: used } : NONE;
    case "working":
    case "idle":
      if (view.isForPerson) return NONE;
      if (context.tokens >= limits.takeAt) return { kind: "take", why: used };
      return view.state === "idle" ? afterTurn(view, used) : whileWorking(view);
    case "starting":
    case "needs-input":
    case "limited":
    case "unknown":
    case "stopped":
    case "ended":
    case "failed":
      return NONE;
    default:
      return unreachable(view.state);
  }
}

function whileWorking({ ask }: HandoffView): HandoffStep {
  return ask === null ? { kind: "ask" } : NONE;
}

function afterTurn({ ask, sinceMs }: HandoffView, used: string): HandoffStep {
  if (ask === null) return { kind: "ask" };
  // A clock that was set back must not make it wait for longer than that.
  const leftMs = TAKEN_UP_MS - Math.max(sinceMs, 0);
  if (leftMs > 0) return { kind: "wait", ms: leftMs };
  if (ask.isDelivered)
    return { kind: "take", why: `${used}, and it ended its turn without handing over` };
  if (ask.times < ASKS_MAX) return { kind: "ask" };
  return { kind: "take", why: `${used}, and it did not take the message that asked for it` };
}
