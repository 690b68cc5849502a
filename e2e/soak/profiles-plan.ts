import type { ScenarioSource } from "../../demo/scripted-model/scenario.ts";
import { chaosScenario, GOES_ON } from "./chaos-plan.ts";

export const LIMITED = "max-1";
export const REVOKED = "max-2";
export const CROWDED = "pro-1";
export const SINGLE = "solo";
/** How many sessions the provider lets the crowded profile have. */
export const ADMITTED = 4;

/** `callsToFill`: after so many answers its five-hour window is used up. Only that of the limited profile comes to that. */
export const simulatedProfiles = [
  { name: LIMITED, plan: "max", cap: 10, token: "switchyard-profiles-max-01", callsToFill: 30 },
  { name: REVOKED, plan: "max", cap: 10, token: "switchyard-profiles-max-02", callsToFill: 600 },
  { name: CROWDED, plan: "pro", cap: 5, token: "switchyard-profiles-pro-01", callsToFill: 300 },
  { name: SINGLE, plan: "custom", cap: 1, token: "switchyard-profiles-one-01", callsToFill: 200 },
] as const;

/** After so many answers its login is refused. */
export const CALLS_TO_REVOCATION = 50;
/** What Claude Code says to itself once the window has begun anew (2.1.329). */
const GOES_ON_BY_ITSELF = "Continue the task you were working on";
const DAY_S = 24 * 3600;
/** Near enough that no session is held back for the sake of those that run. */
const LATER_RESET_S = 25 * 60;

/** What the scripted model knows of the provider's side at one moment. */
export interface ProviderSide {
  readonly startedMs: number;
  readonly nowMs: number;
  readonly resetAtMs: number;
  /** Main calls it has answered since the run began, by profile. */
  readonly answered: Readonly<Record<string, number>>;
  /** Those of the limited profile when its window began anew; null before. */
  readonly answeredAtReset: number | null;
  readonly isRevoked: boolean;
}

/** Whether the five-hour window of the limited profile is used up. */
export function isUsedUp({ nowMs, resetAtMs, answered }: ProviderSide): boolean {
  return nowMs < resetAtMs && (answered[LIMITED] ?? 0) >= simulatedProfiles[0].callsToFill;
}

/** How each profile is treated now: its windows, its refusals. */
export function tellProvider(side: ProviderSide): ScenarioSource {
  const startedS = Math.floor(side.startedMs / 1000);
  const entries = simulatedProfiles.map(({ name, token, callsToFill }) => {
    const count = side.answered[name] ?? 0;
    const isLimited = name === LIMITED;
    const isSpent = isLimited && isUsedUp(side);
    const isAnew = isLimited && side.nowMs >= side.resetAtMs;
    const used = isAnew ? (count - (side.answeredAtReset ?? count)) / 600 : count / callsToFill;
    const utilization = isSpent ? 1 : Math.min(0.99, used);
    const resets_at =
      isLimited && !isAnew ? Math.floor(side.resetAtMs / 1000) : startedS + LATER_RESET_S;
    const behaviour = {
      name,
      unified: {
        five_hour: { utilization, resets_at, ...(isSpent ? { status: "rejected" as const } : {}) },
        seven_day: { utilization: 0.1, resets_at: startedS + 3 * DAY_S },
      },
      ...(name === CROWDED ? { maxConcurrent: ADMITTED } : {}),
      ...(name === REVOKED && side.isRevoked
        ? { reject: { status: 401, message: "OAuth token has been revoked." } }
        : {}),
    };
    return [token.slice(-6), behaviour] as const;
  });
  return {
    ...chaosScenario,
    goesOn: `${GOES_ON}|${GOES_ON_BY_ITSELF}`,
    profiles: Object.fromEntries(entries),
  };
}
