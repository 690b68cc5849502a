import type { ProfileName } from "../../../shared/model/ids.ts";
import { effectiveCap, type Profile, type UsageWindow } from "../../../shared/model/profile.ts";
import type { Strategy } from "../../../shared/model/project.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";

export type Candidate = Pick<
  Profile,
  "name" | "state" | "reason" | "restsUntil" | "cap" | "learnedCap" | "live" | "windows" | "order"
>;

export interface PlacementQuestion {
  readonly strategy: Strategy;
  readonly candidates: readonly Candidate[];
  /** Only this one will do. */
  readonly pinned: ProfileName | null;
  /** Taken when it has room, whatever the strategy: it holds the conversation that goes on. */
  readonly preferred: ProfileName | null;
  /** The profile that got the last work of this project: round robin goes on after it. */
  readonly last: ProfileName | null;
  /** ISO 8601; a window whose reset has passed counts as unused. Without it windows are taken as they were measured. */
  readonly now?: string;
  /** Percent of a usage window from which on a profile takes no more work; 100 when absent. */
  readonly ceilingPercent?: number;
  /** How many of each profile's sessions wait for the person; for whoever is told why there is no place. */
  readonly waiting?: ReadonlyMap<ProfileName, number>;
}

export type Placement =
  | {
      readonly kind: "placed";
      readonly profile: ProfileName;
      readonly strategy: string;
      readonly reason: string;
    }
  /** One sentence for each profile that could have been asked; one alone when there is none. */
  | { readonly kind: "none"; readonly reasons: readonly string[] };

/** Chooses the profile for one more session. The same question always gets the same answer. */
export function planPlacement(question: PlacementQuestion): Placement {
  const { pinned, preferred, candidates } = question;
  const asked = candidates
    .filter((profile) => pinned === null || profile.name === pinned)
    .toSorted((a, b) => a.order - b.order || compareNames(a, b));
  if (asked.length === 0) return { kind: "none", reasons: [describeNobody(pinned)] };

  const free = asked.filter((profile) => hindrance(profile, question) === null);
  if (free.length === 0) {
    const reasons = asked.map((profile) => `${profile.name} ${hindrance(profile, question)}`);
    return { kind: "none", reasons };
  }
  const keeper = free.find((profile) => profile.name === preferred);
  if (pinned !== null) return placed(keeper ?? free[0], "pinned", "the task is pinned to it");
  if (keeper) return placed(keeper, "same profile", "it holds the conversation that goes on");
  return choose(free, question);
}

function choose(free: readonly Candidate[], question: PlacementQuestion): Placement {
  switch (question.strategy) {
    case "fill":
      return placed(free[0], "fill", "it is the first in order with room");
    case "round-robin": {
      const ring = question.candidates
        .toSorted((a, b) => a.order - b.order || compareNames(a, b))
        .map((profile) => profile.name);
      const after = question.last === null ? -1 : ring.indexOf(question.last);
      const turn = (profile: Candidate) =>
        (ring.indexOf(profile.name) - after - 1 + ring.length) % ring.length;
      return placed(free.toSorted((a, b) => turn(a) - turn(b))[0], "round-robin", "it is its turn");
    }
    case "least-loaded": {
      const load = (profile: Candidate) => loadOf(profile, question.now);
      const [best] = free.toSorted((a, b) => load(a) - load(b) || a.order - b.order);
      return placed(best, "least-loaded", best ? describeLoad(best, question.now) : "");
    }
    default:
      return unreachable(question.strategy);
  }
}

function placed(profile: Candidate | undefined, strategy: string, reason: string): Placement {
  if (!profile) throw new Error("a placement was made among no profiles");
  return { kind: "placed", profile: profile.name, strategy, reason };
}

/** What keeps this profile from taking one more session, as the end of a sentence that begins with its name. */
function hindrance(
  profile: Candidate,
  { now, ceilingPercent, waiting }: Pick<PlacementQuestion, "now" | "ceilingPercent" | "waiting">,
): string | null {
  switch (profile.state) {
    case "ready":
    case "unchecked":
      break;
    case "resting":
      return `rests until ${profile.restsUntil ?? "further notice"}${because(profile)}`;
    case "signed-out":
      return `is signed out${because(profile)}; sign in with: switchyard profile login ${profile.name}`;
    case "incident":
      return `takes no work${because(profile)}; once that is mended: switchyard profile check ${profile.name}`;
    case "disabled":
      return "is disabled";
    default:
      return unreachable(profile.state);
  }
  const cap = effectiveCap(profile);
  if (profile.live >= cap)
    return `is full: ${profile.live} of ${cap} ${cap === 1 ? "session" : "sessions"}${whoWait(waiting?.get(profile.name) ?? 0)}`;
  const spent = spentWindow(profile, now, ceilingPercent ?? 100);
  if (!spent) return null;
  const { name, window } = spent;
  if (window.usedPercent >= 100) return `has used up its ${name} window until ${window.resetsAt}`;
  return `has used ${Math.floor(window.usedPercent)} % of its ${name} window, of the ${ceilingPercent} % it may until ${window.resetsAt}`;
}

function whoWait(count: number): string {
  return count === 0
    ? ""
    : `, ${count} of them ${count === 1 ? "waits" : "wait"} for you: switchyard inbox`;
}

function because(profile: Candidate): string {
  return profile.reason === null ? "" : `: ${profile.reason}`;
}

function spentWindow(profile: Candidate, now: string | undefined, ceilingPercent: number) {
  // Without the time nobody can say whether a window that was used up has begun anew.
  if (now === undefined) return null;
  const { fiveHour, sevenDay } = profile.windows;
  const windows = [
    { name: "weekly", window: sevenDay },
    { name: "five-hour", window: fiveHour },
  ];
  for (const { name, window } of windows) {
    if (window && window.resetsAt > now && window.usedPercent >= ceilingPercent)
      return { name, window };
  }
  return null;
}

/** 0 for an unused profile, 1 for a full one: its slots or its fullest window, whichever leaves less. */
function loadOf(profile: Candidate, now: string | undefined): number {
  const { fiveHour, sevenDay } = profile.windows;
  return Math.max(profile.live / effectiveCap(profile), used(fiveHour, now), used(sevenDay, now));
}

function used(window: UsageWindow | null, now: string | undefined): number {
  if (!window || (now !== undefined && window.resetsAt <= now)) return 0;
  return window.usedPercent / 100;
}

function describeLoad(profile: Candidate, now: string | undefined): string {
  const slots = `${profile.live} of ${effectiveCap(profile)} slots in use`;
  const fiveHour = Math.round(used(profile.windows.fiveHour, now) * 100);
  const sevenDay = Math.round(used(profile.windows.sevenDay, now) * 100);
  return `it has the most room: ${slots}, ${fiveHour} % of five hours and ${sevenDay} % of the week used`;
}

function describeNobody(pinned: ProfileName | null): string {
  return pinned === null
    ? "There is no profile yet: add one with switchyard profile add."
    : `The task is pinned to ${pinned}, and there is no such profile.`;
}

function compareNames(a: Candidate, b: Candidate): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
