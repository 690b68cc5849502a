import { describeMoment } from "../../../shared/model/describe-moment.ts";
import type { ProfileName } from "../../../shared/model/ids.ts";
import { effectiveCap, type Profile } from "../../../shared/model/profile.ts";
import type { Strategy } from "../../../shared/model/project.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { hindrance } from "./plan-hindrance.ts";
import type { Burn } from "./plan-learned-burn.ts";
import { compareLoads, type DryWindow, findDryWindow, paceOf, usedShare } from "./plan-load.ts";

export type Candidate = Pick<
  Profile,
  "name" | "state" | "reason" | "restsUntil" | "cap" | "learnedCap" | "live" | "windows" | "order"
> & {
  /** What one of its sessions takes of its windows; absent while nobody knows. */
  readonly burn?: Burn;
};

/** Where tasks of certain labels or sessions of certain roles go; others may go there too. */
export interface Pool {
  readonly name: string;
  readonly profiles: readonly string[];
  readonly labels: readonly string[];
  readonly roles: readonly Role[];
}
export type Role = "worker" | "steward" | "director";

export interface PlacementQuestion {
  readonly strategy: Strategy;
  readonly candidates: readonly Candidate[];
  /** Only this one will do, whatever the pools say. */
  readonly pinned: ProfileName | null;
  /** Taken when it has room, whatever the strategy: it holds the conversation that goes on. */
  readonly preferred: ProfileName | null;
  /** The profile that got the last work of this project: round robin goes on after it. */
  readonly last: ProfileName | null;
  /** ISO 8601; a window whose reset has passed counts as unused. */
  readonly now: string;
  readonly role?: Role;
  readonly labels?: readonly string[];
  readonly pools?: readonly Pool[];
  /** For `weighted`; a profile that is not named weighs as much as its cap. */
  readonly weights?: Readonly<Record<string, number>>;
  /** What workers leave for the steward and for the person; null: this session may take that too. */
  readonly reserve?: Reserve | null;
  /** Percent of a usage window from which on a profile takes no more work; 100 when absent. */
  readonly ceilingPercent?: number;
  /** How many of each profile's sessions wait for the person; for whoever is told why there is no place. */
  readonly waiting?: ReadonlyMap<ProfileName, number>;
  /** Of the person who reads the reasons; the machine's own when absent. */
  readonly zone?: string;
}

export interface Reserve {
  /** Of all profiles that take work, together. One slot is always left for workers. */
  readonly slots: number;
  /** Of each usage window. */
  readonly windowPercent: number;
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
  const { pinned, preferred } = question;
  const all = question.candidates.toSorted(inOrder);
  const pools = pinned === null ? poolsFor(question) : [];
  const asked = all.filter(({ name }) =>
    pinned === null
      ? pools.length === 0 || pools.some(({ profiles }) => profiles.includes(name))
      : name === pinned,
  );
  if (asked.length === 0) return { kind: "none", reasons: [describeNobody(pinned, pools)] };

  const ceiling = {
    ...question,
    ceilingPercent: Math.min(
      question.ceilingPercent ?? 100,
      100 - (question.reserve?.windowPercent ?? 0),
    ),
  };
  const free = asked.filter((profile) => hindrance(profile, ceiling) === null);
  if (free.length === 0) {
    const reasons = asked.map((profile) => `${profile.name} ${hindrance(profile, ceiling)}`);
    return { kind: "none", reasons };
  }
  const kept = describeReserve(all, question);
  if (kept !== null) return { kind: "none", reasons: [kept] };
  const keeper = free.find((profile) => profile.name === preferred);
  if (pinned !== null) return placed(keeper ?? free[0], "pinned", "the task is pinned to it");
  if (keeper) return placed(keeper, "same profile", "it holds the conversation that goes on");
  const [only] = free;
  const choice = choose(free, question);
  if (pools.length === 0 || choice.kind === "none") return choice;
  const of = `of the ${pools.length === 1 ? "pool" : "pools"} ${pools.map(({ name }) => name).join(", ")}`;
  return asked.length === 1
    ? placed(only, "pool", `it is the only profile ${of}`)
    : { ...choice, reason: `${of}, ${choice.reason}` };
}

/** Pools that name one of its labels; else those that name its role. */
function poolsFor({ pools = [], labels = [], role = "worker" }: PlacementQuestion) {
  const byLabel = pools.filter((pool) => pool.labels.some((label) => labels.includes(label)));
  return byLabel.length > 0 ? byLabel : pools.filter((pool) => pool.roles.includes(role));
}

function choose(free: readonly Candidate[], question: PlacementQuestion): Placement {
  const { strategy, now, weights = {} } = question;
  switch (strategy) {
    case "fill":
      return placed(free[0], strategy, "it is the first in order with room");
    case "round-robin": {
      const ring = question.candidates.toSorted(inOrder).map((profile) => profile.name);
      const after = question.last === null ? -1 : ring.indexOf(question.last);
      const turn = (profile: Candidate) =>
        (ring.indexOf(profile.name) - after - 1 + ring.length) % ring.length;
      return placed(least(free, turn), strategy, "it is its turn");
    }
    case "least-loaded": {
      const lasting = free.filter((profile) => findDryWindow(profile, now) === null);
      const [best] = lasting.toSorted((a, b) => compareLoads(a, b, now));
      if (!best)
        return { kind: "none", reasons: free.map((profile) => describeDry(profile, question)) };
      return placed(best, strategy, describeLoad(best, now));
    }
    case "weighted": {
      // A profile may be called `constructor`.
      const weightOf = ({ name, cap }: Candidate) =>
        (Object.hasOwn(weights, name) ? weights[name] : undefined) ?? cap;
      const best = least(free, (profile) => (profile.live + 1) / weightOf(profile));
      const slots = `${best.live} ${best.live === 1 ? "session" : "sessions"} of a weight of ${weightOf(best)}`;
      return placed(best, strategy, `it has the fewest for its weight: ${slots}`);
    }
    default:
      return unreachable(strategy);
  }
}

/** The first in order among equals. */
function least(profiles: readonly Candidate[], measure: (profile: Candidate) => number): Candidate {
  return profiles.reduce((best, next) => (measure(next) < measure(best) ? next : best));
}

function placed(profile: Candidate | undefined, strategy: string, reason: string): Placement {
  if (!profile) throw new Error("a placement was made among no profiles");
  return { kind: "placed", profile: profile.name, strategy, reason };
}

/** Why what is still free is kept; null when there is more. */
function describeReserve(all: readonly Candidate[], question: PlacementQuestion): string | null {
  const wanted = question.reserve?.slots ?? 0;
  if (wanted === 0) return null;
  const working = all.filter((profile) => hindrance({ ...profile, live: 0 }, question) === null);
  const slots = working.reduce((sum, profile) => sum + effectiveCap(profile), 0);
  const free = working.reduce(
    (sum, profile) => sum + Math.max(0, effectiveCap(profile) - profile.live),
    0,
  );
  const kept = Math.min(wanted, Math.max(0, slots - 1));
  if (free > kept) return null;
  return `${free} of ${slots} slots ${free === 1 ? "is" : "are"} free, and ${kept} ${kept === 1 ? "is" : "are"} kept for you and the steward (dispatch.reserve.slots)`;
}

function describeLoad(profile: Candidate, now: string): string {
  const slots = `${profile.live} of ${effectiveCap(profile)} slots in use`;
  const fiveHour = Math.round(usedShare(profile.windows.fiveHour, "fiveHour", now) * 100);
  const sevenDay = Math.round(usedShare(profile.windows.sevenDay, "sevenDay", now) * 100);
  const seen = `${slots}, ${fiveHour} % of five hours and ${sevenDay} % of the week used`;
  return paceOf(profile, now) > AHEAD
    ? `it has quota that would be lost at the next reset: ${seen}`
    : `it has the most room: ${seen}`;
}

function describeDry(profile: Candidate, { now, zone }: PlacementQuestion): string {
  const window = findDryWindow(profile, now);
  return `${profile.name} ${window ? describeDryWindow(window, profile.live, zone) : "has room"}`;
}

function describeDryWindow(
  { name, percentLeft, resetsAt }: DryWindow,
  live: number,
  zone: string | undefined,
): string {
  const left = `the ${Math.floor(percentLeft)} % that ${Math.floor(percentLeft) === 1 ? "is" : "are"} left of its ${name} window until ${describeMoment(resetsAt, zone)}`;
  return `keeps ${left} for the ${live} ${live === 1 ? "session that runs" : "sessions that run"} there: with one more all would have to stop`;
}

/** So much more than an even pace needs is left that it is worth a word. */
const AHEAD = 1.5;

function describeNobody(pinned: ProfileName | null, pools: readonly Pool[]): string {
  if (pinned !== null) return `The task is pinned to ${pinned}, and there is no such profile.`;
  if (pools.length === 0) return "There is no profile yet: add one with switchyard profile add.";
  const named = pools.map(({ name, profiles }) => `${name} (${profiles.join(", ")})`).join(", ");
  return `It goes to the ${pools.length === 1 ? "pool" : "pools"} ${named}, and no such profile exists.`;
}

function inOrder(a: Candidate, b: Candidate): number {
  return a.order - b.order || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
