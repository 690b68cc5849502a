import { isMovingIn, isMovingOut, type Profile, twinsOf } from "../../../shared/model/profile.ts";
import type { Session } from "../../../shared/model/session.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { hindrance } from "../profile/plan-hindrance.ts";
import { CANNOT_REACH, TURN_FAILED } from "../worker/session-machine.ts";

/** A conversation that moves is read anew as a whole, at full price: nobody pays that for a wait of minutes. */
const WORTH_MS = 5 * 60_000;

/** Whether its conversations would wait for so long, or nobody knows how long, that they go on elsewhere. */
export function isWorthMoving(
  { state, restsUntil }: Pick<Profile, "state" | "restsUntil">,
  nowMs: number,
): boolean {
  if (state === "signed-out") return true;
  return state === "resting" && restsUntil !== null && Date.parse(restsUntil) - nowMs >= WORTH_MS;
}

export interface MoveRefusal {
  readonly what: string;
  readonly wayOut: string | null;
}

/** Why a conversation of `from` cannot go on at `to` now; null when it can. `now`: ISO 8601. */
export function refuseMove(from: Profile, to: Profile, now: string): MoveRefusal | null {
  const { name } = to;
  if (name === from.name) return { what: `It is at ${name} already.`, wayOut: null };
  if (!isMovingOut(from))
    return {
      what: `Conversations may not move away from ${from.name}.`,
      wayOut: `What it means, and how to allow it: switchyard profile set ${from.name} --moves ${isMovingIn(from) ? "both" : "out"} --help`,
    };
  if (!isMovingIn(to))
    return {
      what: `Conversations may not move to ${name}.`,
      wayOut: `What it means, and how to allow it: switchyard profile set ${name} --moves ${isMovingOut(to) ? "both" : "in"} --help`,
    };
  if (twinsOf(from, [to]).length > 0)
    return {
      what: `${from.name} and ${name} are signed in as the same account, so the same limits hold for both.`,
      wayOut: `Sign one of them in as another: switchyard profile login ${name}`,
    };
  const inTheWay = hindrance(to, { now });
  return inTheWay === null ? null : { what: `${name} ${inTheWay}.`, wayOut: null };
}

/** A tool is called, and a turn ends well, only by an answer of the provider's; a prompt or a start proves nothing. */
const ANSWERS = /^(?:hook:(?:Stop$|.*ToolUse)|transcript:completed$)/;

/**
 * Whether the new profile has taken a conversation that came from another one, by what its session has told: it is `answered` once
 * the provider has; `refused` when it was not let in, or is over without an answer.
 */
export function judgeMove({
  state,
  reason,
  evidence,
}: Pick<Session, "state" | "reason" | "evidence">): "waits" | "answered" | "refused" {
  if (evidence.some(({ signal }) => ANSWERS.test(signal))) return "answered";
  switch (state) {
    case "starting":
    case "working":
    case "needs-input":
      return "waits";
    case "idle":
      return reason?.startsWith(TURN_FAILED) ? "refused" : "waits";
    case "interrupted":
      return reason?.startsWith(TOO_LONG) ? "refused" : "waits";
    case "limited":
      // A network or a provider in trouble is nobody's, and is tried again by itself.
      return reason?.startsWith(CANNOT_REACH) ? "waits" : "refused";
    case "unknown":
    case "stopped":
    case "ended":
    case "failed":
      return "refused";
    default:
      return unreachable(state);
  }
}

/** Its model there takes less than the conversation holds. */
const TOO_LONG = "its context is full";

/** It came from another profile, and this one does not take it: it is on its way back. */
export function isRefusedMove(
  session: Pick<Session, "state" | "reason" | "evidence" | "movedFrom">,
): boolean {
  return session.movedFrom?.step === "trying" && judgeMove(session) === "refused";
}
