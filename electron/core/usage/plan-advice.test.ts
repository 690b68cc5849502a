import fc from "fast-check";
import { expect, test } from "vitest";
import { KNOWN_PRICES, type PlanPrice, PriceList } from "../../../shared/model/price-list.ts";
import type { UsageSample } from "../../../shared/model/usage-report.ts";
import { cheapestMix, type MeasuredProfile, planAdvice } from "./plan-advice.ts";

const startMs = Date.UTC(2026, 10, 1);
const HOUR_MS = 3_600_000;
const at = (hours: number) => new Date(startMs + hours * HOUR_MS).toISOString();

/** Five days of work, each beginning with a window of which this much is used in steps. */
function work(percent: number): UsageSample[] {
  return [0, 1, 2, 3, 4].flatMap((day) =>
    [0, 0.5, 1].map((share) => ({
      at: at(day * 24 + 9 + share * 4),
      usedPercent: percent * share,
      resetsAt: at(day * 24 + 14),
    })),
  );
}
function week(percent: number): UsageSample[] {
  return [0, 1, 2, 3, 4].map((day) => ({
    at: at(day * 24 + 13),
    usedPercent: (percent * day) / 4,
    resetsAt: at(7 * 24),
  }));
}
const profile = (more: Partial<MeasuredProfile> = {}): MeasuredProfile => ({
  name: "max-1",
  plan: "max",
  fiveHour: work(50),
  sevenDay: week(40),
  livePeaks: new Map([["2026-11-02", 4]]),
  ...more,
});
const advise = (...profiles: MeasuredProfile[]) =>
  planAdvice({ profiles, prices: KNOWN_PRICES, apiUsd: 12 });

test("with nothing or little measured it says so, and advises nothing", () => {
  expect(advise()).toMatchObject({ kind: "too-little" });
  const young = profile({ fiveHour: work(50).slice(0, 3), sevenDay: [] });
  expect(advise(young)).toMatchObject({
    kind: "too-little",
    text: expect.stringContaining("3 measurements over 0.2 days"),
  });
});

test("half of a Max 5x is carried by three Pro plans, with room", () => {
  const advice = advise(profile());
  expect(advice).toMatchObject({
    kind: "measured",
    peakFiveHours: 2.5,
    peakWeek: expect.closeTo(1.4),
    peakSessions: 4,
    isLowerBound: false,
    have: { usdPerMonth: 100 },
    enough: { plans: [{ plan: "Pro", count: 3 }], usdPerMonth: 60 },
    prices: { date: KNOWN_PRICES.date },
  });
  expect(advice.text).toBe(
    "3 × Pro ($60 a month) would have carried what was used: $40 a month less than 1 × Max 5x ($100 a month).",
  );
});

test("sessions at once are those of one day", () => {
  const on = (day: string, live: number) => profile({ livePeaks: new Map([[day, live]]) });
  expect(advise(on("2026-11-02", 9), on("2026-11-03", 8))).toMatchObject({ peakSessions: 9 });
  expect(advise(on("2026-11-02", 9), on("2026-11-02", 8))).toMatchObject({ peakSessions: 17 });
  expect(advise(profile({ livePeaks: new Map() }))).toMatchObject({ peakSessions: 0 });
});

test("prices with cents are told in cents", () => {
  const plans = KNOWN_PRICES.plans.map((plan) => ({
    ...plan,
    "usd-per-month": plan["usd-per-month"] * 0.855,
  }));
  const { text } = planAdvice({
    profiles: [profile()],
    prices: { ...KNOWN_PRICES, plans },
    apiUsd: 0,
  });
  expect(text).toBe(
    "3 × Pro ($51.30 a month) would have carried what was used: $34.20 a month less than 1 × Max 5x ($85.50 a month).",
  );
});

test("a window that was used up makes it a lower bound, and says so", () => {
  const advice = advise(profile({ fiveHour: work(100) }));
  expect(advice).toMatchObject({ isLowerBound: true });
  expect(advice.text).toMatch(/more would have been used\.$/);
});

test("what a profile is taken for is told, and what has no price is left out by name", () => {
  const custom = profile({ name: "other", plan: "custom" });
  expect(advise(profile(), custom)).toMatchObject({
    assumptions: [
      "max-1 is taken for Max 5x; say otherwise with prices.profiles in config.yaml.",
      "other (custom) is left out: no price is known for it.",
    ],
  });
  const prices = { ...KNOWN_PRICES, profiles: { "max-1": "Max 20x" } };
  expect(planAdvice({ profiles: [profile()], prices, apiUsd: 0 })).toMatchObject({
    assumptions: [],
    peakFiveHours: 10,
  });
});

test("a mix is enough in every respect, and nothing that is enough is cheaper", () => {
  const need = fc.record({
    fiveHours: fc.double({ min: 0, max: 60, noNaN: true }),
    week: fc.double({ min: 0, max: 60, noNaN: true }),
    sessions: fc.nat(40),
  });
  const { plans } = KNOWN_PRICES;
  fc.assert(
    fc.property(need, fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }), (asked, other) => {
      const mix = cheapestMix(asked, plans);
      const countOf = (name: string) => mix?.plans.find(({ plan }) => plan === name)?.count ?? 0;
      const total = (
        counts: readonly number[],
        key: "five-hours" | "week" | "sessions" | "usd-per-month",
      ) => plans.reduce((sum, plan, index) => sum + (counts[index] ?? 0) * plan[key], 0);
      const counts = plans.map(({ name }) => countOf(name));
      expect(total(counts, "five-hours")).toBeGreaterThanOrEqual(asked.fiveHours);
      expect(total(counts, "week")).toBeGreaterThanOrEqual(asked.week);
      expect(total(counts, "sessions")).toBeGreaterThanOrEqual(asked.sessions);
      expect(mix?.usdPerMonth).toBe(total(counts, "usd-per-month"));
      const isEnough =
        total(other, "five-hours") >= asked.fiveHours &&
        total(other, "week") >= asked.week &&
        total(other, "sessions") >= asked.sessions;
      if (isEnough)
        expect(total(other, "usd-per-month")).toBeGreaterThanOrEqual(mix?.usdPerMonth ?? 0);
    }),
  );
});

/** Plans that count how often they are looked at. */
function countLooks(count: number, of: (n: number) => Partial<PlanPrice>) {
  const seen = { looks: 0 };
  const plans = Array.from({ length: count }, (_, at) => {
    const n = at + 1;
    const [known] = KNOWN_PRICES.plans;
    if (!known) throw new Error("a plan is known");
    return new Proxy(
      { ...known, name: `plan ${n}`, ...of(n) },
      {
        get: (plan, key) => {
          seen.looks += 1;
          return Reflect.get(plan, key);
        },
      },
    );
  });
  return { seen, plans };
}

test("that nothing is enough is known without trying the mixes of what is sold", () => {
  const { seen, plans } = countLooks(20, (n) => ({ "usd-per-month": 20 * n, sessions: 1 }));
  expect(cheapestMix({ fiveHours: 5, week: 5, sessions: 201 }, plans)).toBeNull();
  expect(seen.looks).toBeLessThan(10_000);
});

test("mixes that cost more than the cheapest that was found are left out, whatever they hold", () => {
  const { seen, plans } = countLooks(6, (n) => ({
    "usd-per-month": 20 * n + (n % 3),
    "five-hours": n,
    week: 7 - n,
    sessions: 5,
  }));
  expect(cheapestMix({ fiveHours: 90, week: 40, sessions: 30 }, plans)).not.toBeNull();
  expect(seen.looks).toBeLessThan(100_000);
});

test("more plans than the advice can try all mixes of are refused", () => {
  const [known] = KNOWN_PRICES.plans;
  const list = (count: number) => ({ ...KNOWN_PRICES, plans: Array(count).fill(known) });
  expect(PriceList.safeParse(list(6)).success).toBe(true);
  expect(PriceList.safeParse(list(7)).success).toBe(false);
});

test("more than ten of each plan is no mix", () => {
  expect(cheapestMix({ fiveHours: 1_000, week: 0, sessions: 0 }, KNOWN_PRICES.plans)).toBeNull();
});
