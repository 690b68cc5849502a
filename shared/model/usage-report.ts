import { z } from "zod";
import { Instant, ProfileName, SessionId, TaskId } from "./ids.ts";
import { PlanTier } from "./profile.ts";
import { UsageWindows } from "./usage-window.ts";

/** One measurement of a window, as it is kept. */
export const UsageSample = z.object({
  at: Instant,
  usedPercent: z.number().min(0),
  resetsAt: Instant,
});
export type UsageSample = z.infer<typeof UsageSample>;

/** Who used a profile up lately; the shares of one profile add up to 1. */
export const Burner = z.object({
  session: SessionId,
  task: TaskId.nullable(),
  title: z.string(),
  /** That no cache held. */
  tokens: z.number().int().nonnegative(),
  share: z.number().min(0).max(1),
});
export type Burner = z.infer<typeof Burner>;

export const ProfileUsage = z.object({
  name: ProfileName,
  plan: PlanTier,
  live: z.number().int(),
  windows: UsageWindows,
  /** Over the last five hours, the most first. */
  burners: z.array(Burner),
  /** Oldest first. */
  history: z.object({ fiveHour: z.array(UsageSample), sevenDay: z.array(UsageSample) }),
});
export type ProfileUsage = z.infer<typeof ProfileUsage>;

/** A number of plans of one kind. */
const PlanCount = z.object({
  plan: z.string(),
  count: z.number().int().nonnegative(),
  usdPerMonth: z.number().nonnegative(),
});
export const PlanMix = z.object({ plans: z.array(PlanCount), usdPerMonth: z.number() });
export type PlanMix = z.infer<typeof PlanMix>;

/** What the measured use says about the plans that carried it. Amounts of use are in five-hour and weekly allowances of one Pro plan. */
export const Advice = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("too-little"), text: z.string() }),
  z.object({
    kind: z.literal("measured"),
    text: z.string(),
    /** What the advice rests on. */
    days: z.number(),
    peakFiveHours: z.number(),
    peakWeek: z.number(),
    peakSessions: z.number().int(),
    /** True: some windows were used up, so more would have been used than was measured. */
    isLowerBound: z.boolean(),
    have: PlanMix.nullable(),
    /** Null where no mix of at most ten of each plan is enough. */
    enough: PlanMix.nullable(),
    /** What the programs say the same work costs at the prices of the API, over `days`. */
    apiUsd: z.number().nonnegative(),
    assumptions: z.array(z.string()),
    prices: z.object({ date: z.string(), source: z.string() }),
  }),
]);
export type Advice = z.infer<typeof Advice>;

export const UsageReport = z.object({
  at: Instant,
  profiles: z.array(ProfileUsage),
  advice: Advice,
});
export type UsageReport = z.infer<typeof UsageReport>;
