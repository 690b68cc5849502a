import { z } from "zod";
import { PlanTier } from "./profile.ts";

/** A plan that can be bought: what it costs, and what it allows compared with one Pro plan. */
export const PlanPrice = z.strictObject({
  name: z.string().min(1).max(40),
  tier: PlanTier,
  "usd-per-month": z.number().min(0).max(100_000),
  /** Five-hour and weekly allowance, in those of one Pro plan. */
  "five-hours": z.number().positive().max(1_000),
  week: z.number().positive().max(1_000),
  /** Sessions at once that it is planned with. */
  sessions: z.number().int().min(1).max(100),
});
export type PlanPrice = z.infer<typeof PlanPrice>;

/** Prices change: a list says when and where they were read. */
export const PriceList = z.strictObject({
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write a day such as 2026-11-21"),
  source: z.string().min(1).max(500),
  /** No more than the advice can try all mixes of while the core waits for it. */
  plans: z.array(PlanPrice).min(1).max(6),
  /** Which of `plans` a profile has, by profile; else the first one of the profile's tier. */
  profiles: z.record(z.string(), z.string()).optional(),
});
export type PriceList = z.infer<typeof PriceList>;

/** In force until `prices` of the person's config.yaml says otherwise. Sessions at once are not published: they are the caps that profiles start with. */
export const KNOWN_PRICES: PriceList = {
  date: "2026-01-06",
  source:
    "the plans' public prices in the United States, billed monthly (Pro $20, Max 5x $100, Max 20x $200); weekly allowances by the hours announced in 2025 (40-80, 140-280, 240-480)",
  plans: [
    { name: "Pro", tier: "pro", "usd-per-month": 20, "five-hours": 1, week: 1, sessions: 5 },
    { name: "Max 5x", tier: "max", "usd-per-month": 100, "five-hours": 5, week: 3.5, sessions: 10 },
    { name: "Max 20x", tier: "max", "usd-per-month": 200, "five-hours": 20, week: 6, sessions: 10 },
  ],
};
