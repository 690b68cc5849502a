import type { PlanPrice, PriceList } from "../../../shared/model/price-list.ts";
import type { PlanTier } from "../../../shared/model/profile.ts";
import type { Advice, PlanMix, UsageSample } from "../../../shared/model/usage-report.ts";
import { peakUse, planUse, type Use } from "./plan-burn.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Less than this says nothing about a week. */
const DAYS_MIN = 2;
const SAMPLES_MIN = 10;
/** Room that a mix leaves above the most that was used. */
const HEADROOM = 1.1;
/** The most plans of a kind that a mix has. */
const COUNT_MAX = 10;
/** Sums of fractions come out this much too high or too low, as a share of them, and no more. */
const ROUNDING = 1e-9;

export interface MeasuredProfile {
  readonly name: string;
  readonly plan: PlanTier;
  /** Oldest first. */
  readonly fiveHour: readonly UsageSample[];
  readonly sevenDay: readonly UsageSample[];
  /** The most sessions at once, by day. */
  readonly livePeaks: ReadonlyMap<string, number>;
}

/** Which plans would have carried what was used, and what they cost. Says so where too little was measured to tell. */
export function planAdvice(told: {
  readonly profiles: readonly MeasuredProfile[];
  readonly prices: PriceList;
  readonly apiUsd: number;
}): Advice {
  const { prices, apiUsd } = told;
  const owned = told.profiles.map((profile) => ({ profile, price: priceOf(profile, prices) }));
  const measured = owned.flatMap(({ profile, price }) => (price ? [{ profile, price }] : []));
  const samples = measured.flatMap(({ profile }) => [...profile.fiveHour, ...profile.sevenDay]);
  const times = samples.map(({ at }) => Date.parse(at));
  const days = times.length === 0 ? 0 : (max(times) - min(times)) / DAY_MS;
  if (days < DAYS_MIN || samples.length < SAMPLES_MIN) return tooLittle(days, samples.length);

  const inPro = (name: "fiveHour" | "sevenDay"): readonly Use[] =>
    measured
      .flatMap(({ profile, price }) => {
        const size = name === "fiveHour" ? price["five-hours"] : price.week;
        return planUse(profile[name]).map((use) => ({
          ...use,
          percent: (use.percent / 100) * size,
        }));
      })
      .toSorted((a, b) => a.atMs - b.atMs);
  const peakFiveHours = peakUse(inPro("fiveHour"), 5 * HOUR_MS);
  const peakWeek = peakUse(inPro("sevenDay"), 7 * DAY_MS);
  const peakSessions = sumPeaks(measured.map(({ profile }) => profile.livePeaks));
  const isLowerBound = samples.some(({ usedPercent }) => usedPercent >= 100);
  const need = {
    fiveHours: peakFiveHours * HEADROOM,
    week: peakWeek * HEADROOM,
    sessions: peakSessions,
  };
  const enough = cheapestMix(need, prices.plans);
  const have = countPlans(measured.map(({ price }) => price));
  return {
    kind: "measured",
    text: tellAdvice(have, enough, isLowerBound),
    days,
    peakFiveHours,
    peakWeek,
    peakSessions,
    isLowerBound,
    have,
    enough,
    apiUsd,
    assumptions: assumptionsOf(owned, prices),
    prices: { date: prices.date, source: prices.source },
  };
}

/** Of the busiest day. Profiles can have been at their peaks at different hours of it: it is no more than this. */
function sumPeaks(profiles: readonly ReadonlyMap<string, number>[]): number {
  const days = new Map<string, number>();
  for (const [day, live] of profiles.flatMap((peaks) => [...peaks]))
    days.set(day, (days.get(day) ?? 0) + live);
  return Math.max(0, ...days.values());
}

function tooLittle(days: number, samples: number): Advice {
  const so =
    samples === 0 ? "nothing was" : `${samples} measurements over ${days.toFixed(1)} days were`;
  return {
    kind: "too-little",
    text: `Too little is known for advice: ${so} measured, and it takes ${DAYS_MIN} days of work.`,
  };
}

interface Need {
  readonly fiveHours: number;
  readonly week: number;
  readonly sessions: number;
}

/** The cheapest one that is enough; of two at one price the one with fewer plans. Null where ten of each are not enough. */
export function cheapestMix(need: Need, plans: readonly PlanPrice[]): PlanMix | null {
  // A plan that costs nothing cannot be had many times over, and is nobody's way out.
  const sold = plans.filter((plan) => plan["usd-per-month"] > 0);
  const rests = sold.map((_, at) => boundRest(sold.slice(at)));
  let best: { readonly usd: number; readonly counts: readonly number[] } | null = null;
  const look = (at: number, counts: readonly number[], left: Need, usd: number): void => {
    if (best && (usd > best.usd || (usd === best.usd && sum(counts) >= sum(best.counts)))) return;
    if (left.fiveHours <= 0 && left.week <= 0 && left.sessions <= 0) {
      best = { usd, counts };
      return;
    }
    const plan = sold[at];
    const leastUsd = rests[at]?.(left) ?? null;
    if (!plan || leastUsd === null) return;
    if (best && usd + leastUsd > best.usd * (1 + ROUNDING)) return;
    for (let count = 0; count <= COUNT_MAX; count++) {
      const after = {
        fiveHours: left.fiveHours - count * plan["five-hours"],
        week: left.week - count * plan.week,
        sessions: left.sessions - count * plan.sessions,
      };
      look(at + 1, [...counts, count], after, usd + count * plan["usd-per-month"]);
    }
  };
  look(0, [], need, 0);
  return best && toMix(sold, best);
}

/** What these plans cost at the least for a need, as if fractions of them were sold; null where ten of each are not enough. */
function boundRest(plans: readonly PlanPrice[]): (need: Need) => number | null {
  const [fiveHours, week, sessions] = (["five-hours", "week", "sessions"] as const).map((part) => ({
    most: plans.reduce((all, plan) => all + COUNT_MAX * plan[part], 0) * (1 + ROUNDING),
    usd: min(plans.map((plan) => plan["usd-per-month"] / plan[part])),
  }));
  if (!fiveHours || !week || !sessions) throw new Error("a plan has three parts");
  return (need) => {
    if (need.fiveHours > fiveHours.most || need.week > week.most || need.sessions > sessions.most)
      return null;
    return Math.max(
      need.fiveHours * fiveHours.usd,
      need.week * week.usd,
      need.sessions * sessions.usd,
    );
  };
}

function toMix(
  sold: readonly PlanPrice[],
  best: { readonly usd: number; readonly counts: readonly number[] },
) {
  const plans = sold.flatMap(({ name, "usd-per-month": usdPerMonth }, at) => {
    const count = best.counts[at] ?? 0;
    return count === 0 ? [] : [{ plan: name, count, usdPerMonth: count * usdPerMonth }];
  });
  return { plans, usdPerMonth: best.usd };
}

function countPlans(owned: readonly PlanPrice[]): PlanMix | null {
  if (owned.length === 0) return null;
  const names = [...new Set(owned.map(({ name }) => name))];
  const plans = names.map((plan) => {
    const same = owned.filter(({ name }) => name === plan);
    const usdPerMonth = same.reduce((all, each) => all + each["usd-per-month"], 0);
    return { plan, count: same.length, usdPerMonth };
  });
  return { plans, usdPerMonth: plans.reduce((all, each) => all + each.usdPerMonth, 0) };
}

function priceOf(
  { name, plan }: MeasuredProfile,
  { plans, profiles }: PriceList,
): PlanPrice | null {
  const named = profiles?.[name];
  const found = plans.find((each) =>
    named === undefined ? each.tier === plan : each.name === named,
  );
  return found ?? null;
}

function assumptionsOf(
  owned: readonly { readonly profile: MeasuredProfile; readonly price: PlanPrice | null }[],
  { plans, profiles }: PriceList,
): string[] {
  return owned.flatMap(({ profile: { name, plan }, price }) => {
    if (!price) return [`${name} (${plan}) is left out: no price is known for it.`];
    const others = plans.filter((each) => each.tier === plan).length - 1;
    if (profiles?.[name] !== undefined || others <= 0) return [];
    return [
      `${name} is taken for ${price.name}; say otherwise with prices.profiles in config.yaml.`,
    ];
  });
}

function tellAdvice(have: PlanMix | null, enough: PlanMix | null, isLowerBound: boolean): string {
  const more = isLowerBound ? " Some windows were used up, so more would have been used." : "";
  if (!enough)
    return `No mix of at most ${COUNT_MAX} plans of each kind would have carried what was used.${more}`;
  if (enough.plans.length === 0) return `Nothing was used that a plan is needed for.${more}`;
  const told = `${describeMix(enough)} would have carried what was used`;
  if (!have) return `${told}.${more}`;
  const savedCents = Math.round((have.usdPerMonth - enough.usdPerMonth) * 100);
  const difference = wordUsd(Math.abs(savedCents) / 100);
  const compared =
    savedCents > 0
      ? `${difference} a month less than ${describeMix(have)}`
      : savedCents < 0
        ? `${difference} a month more than ${describeMix(have)}`
        : "what you pay now";
  return `${told}: ${compared}.${more}`;
}

function describeMix({ plans, usdPerMonth }: PlanMix): string {
  const named = plans.map(({ plan, count }) => `${count} × ${plan}`).join(" and ");
  return `${named || "nothing"} (${wordUsd(usdPerMonth)} a month)`;
}

/** `$60`, `$59.97`: sums of cents come out with fractions of them. */
function wordUsd(usd: number): string {
  return `$${usd.toFixed(2).replace(/\.00$/, "")}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}

function max(numbers: readonly number[]): number {
  return numbers.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
}

function min(numbers: readonly number[]): number {
  return numbers.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
}
