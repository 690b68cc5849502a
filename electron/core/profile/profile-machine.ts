import {
  type Account,
  hasOtherLimits,
  type ProbeAnswer,
  type Profile,
} from "../../../shared/model/profile.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { RESET_AHEAD_MAX_MS } from "../../../shared/model/usage-window.ts";

export type ProfileStatus = Pick<
  Profile,
  "state" | "reason" | "restsUntil" | "cap" | "learnedCap" | "account" | "checkedAt"
>;

export type ProfileEvent =
  /** `isAsked`: a person asked for it, or has just signed in. */
  | {
      readonly kind: "probed";
      readonly answer: ProbeAnswer;
      readonly at: string;
      readonly isAsked: boolean;
    }
  /** A call of one of its sessions was refused for want of a login, whatever a probe says. */
  | { readonly kind: "auth-failed"; readonly reason: string }
  | { readonly kind: "limit-hit"; readonly until: string; readonly reason: string }
  /** The provider refused one session more than the `admitted` ones. */
  | { readonly kind: "crowded"; readonly admitted: number }
  /** Task after task was given up on it. */
  | { readonly kind: "broke-down"; readonly reason: string }
  /** Money or an allowance is used up, and no reset ends that. */
  | { readonly kind: "spent"; readonly reason: string }
  /** It has gone well for a while with the cap that was learned. */
  | { readonly kind: "widened" }
  | { readonly kind: "time-passed"; readonly now: string }
  /** The wall clock was set: told by the new one, its rest ends then. */
  | { readonly kind: "clock-set"; readonly until: string }
  | { readonly kind: "switched"; readonly isDisabled: boolean };

/**
 * One profile's readiness for work. An event that no longer fits changes nothing.
 *
 * Invariants: `restsUntil` is set exactly while it rests; a disabled profile stays disabled until it is switched on; a login that
 * a call proved dead is not believed again, and a profile that broke down stays an incident, until a person signs in or asks for a
 * check.
 */
export function stepProfile(profile: ProfileStatus, event: ProfileEvent): ProfileStatus {
  switch (event.kind) {
    case "probed":
      return afterProbe(profile, event);
    case "auth-failed":
      if (profile.state === "disabled" || profile.state === "signed-out") return profile;
      // The account stays on record, and one that was never asked for is noted: it marks a login that a call proved dead.
      return { ...to(profile, "signed-out", event.reason), account: profile.account ?? UNASKED };
    case "limit-hit":
      return rest(profile, event.until, event.reason);
    case "crowded":
      return { ...profile, learnedCap: lowered(profile, event.admitted) };
    case "broke-down":
      if (profile.state === "disabled" || profile.state === "signed-out") return profile;
      return to(profile, "incident", `${BROKE_DOWN}${event.reason}`);
    case "spent":
      if (profile.state === "disabled" || profile.state === "signed-out") return profile;
      return to(profile, "incident", `${SPENT}${event.reason}`);
    case "widened":
      if (profile.learnedCap === null) return profile;
      return {
        ...profile,
        learnedCap: profile.learnedCap + 1 >= profile.cap ? null : profile.learnedCap + 1,
      };
    case "time-passed":
      if (profile.state !== "resting" || profile.restsUntil === null) return profile;
      return isRestOver(profile.restsUntil, event.now) ? to(profile, "ready", null) : profile;
    case "clock-set":
      return profile.state === "resting" ? { ...profile, restsUntil: event.until } : profile;
    case "switched":
      if (event.isDisabled) return to(profile, "disabled", null);
      return profile.state === "disabled" ? to(profile, "unchecked", null) : profile;
    default:
      return unreachable(event);
  }
}

/** How the reason begins where the program was asked and gave no answer. */
const UNANSWERED = "its sign-in could not be checked: ";

/** Whether it takes no work for no other reason than that nobody could say who is signed in. */
export function isUnanswered({ state, reason }: Pick<Profile, "state" | "reason">): boolean {
  return state === "incident" && (reason?.startsWith(UNANSWERED) ?? false);
}

/** How the reasons of such incidents begin: that somebody is signed in does not end it, a person does. */
const BROKE_DOWN = "its sessions break: ";
const SPENT = "waiting does not help: ";
const UNASKED: Account = { method: "unknown", email: null, organisation: null, subscription: null };

function afterProbe(
  before: ProfileStatus,
  { answer, at, isAsked }: Extract<ProfileEvent, { kind: "probed" }>,
): ProfileStatus {
  const profile = { ...before, account: accountAfter(before, answer), checkedAt: at };
  if (before.state === "disabled") return profile;
  // That nobody is signed in at all is news all the same.
  if (!isAsked && isUpToPerson(before) && answer.kind !== "signed-out") return profile;
  switch (answer.kind) {
    case "signed-in":
      return before.state === "resting" && !hasChangedHands(before.account, answer.account)
        ? profile
        : to(profile, "ready", null);
    case "signed-out":
      return to(profile, "signed-out", "nobody is signed in");
    case "foreign":
      return to(profile, "incident", describeForeign(answer.method, answer.variable));
    case "broken": {
      const reason = `${UNANSWERED}${answer.why}`;
      // Nobody answered, and a rest is no less true for that: it is asked again before the next start.
      if (before.state === "resting") return before;
      // Asked anew by itself and no wiser: that is no event.
      if (!isAsked && before.reason === reason) return before;
      return to(profile, "incident", reason);
    }
    default:
      return unreachable(answer);
  }
}

/** A rest is of the login that was refused. */
function hasChangedHands(before: Account | null, now: Account): boolean {
  return before !== null && hasOtherLimits(before, now);
}

/** Whoever could not be asked is who it was. */
function accountAfter({ account }: ProfileStatus, answer: ProbeAnswer): Account | null {
  switch (answer.kind) {
    case "signed-in":
      return answer.account;
    case "broken":
      return account;
    case "signed-out":
    case "foreign":
      return null;
    default:
      return unreachable(answer);
  }
}

/** Only a person ends this state: no answer of a program says more than the call or the tasks that brought it about. */
function isUpToPerson({ state, reason, account }: ProfileStatus): boolean {
  // Signed out with an account on record: a call was refused although the program takes its login for good.
  if (state === "signed-out") return account !== null;
  const isOfWork = [BROKE_DOWN, SPENT].some((beginning) => reason?.startsWith(beginning));
  return state === "incident" && isOfWork;
}

function describeForeign(method: string, variable: string | null): string {
  const by = variable === null ? "something in its settings or environment" : variable;
  return `${by} would make sessions pay by ${method} instead of the subscription`;
}

function rest(profile: ProfileStatus, until: string, reason: string): ProfileStatus {
  switch (profile.state) {
    case "ready":
    case "unchecked":
      return { ...profile, state: "resting", reason, restsUntil: until };
    case "resting":
      if (profile.restsUntil !== null && profile.restsUntil >= until) return profile;
      return { ...profile, reason, restsUntil: until };
    case "signed-out":
    case "incident":
    case "disabled":
      return profile;
    default:
      return unreachable(profile.state);
  }
}

/** Also one that would last longer than any window: it was told by a clock that was set back while no core ran. */
function isRestOver(until: string, now: string): boolean {
  const leftMs = Date.parse(until) - Date.parse(now);
  return leftMs <= 0 || leftMs > RESET_AHEAD_MAX_MS.sevenDay;
}

function lowered(profile: ProfileStatus, admitted: number): number {
  const learned = Math.max(1, Math.min(admitted, profile.cap));
  return profile.learnedCap === null ? learned : Math.min(learned, profile.learnedCap);
}

function to(
  profile: ProfileStatus,
  state: Exclude<Profile["state"], "resting">,
  reason: string | null,
): ProfileStatus {
  return { ...profile, state, reason, restsUntil: null };
}
