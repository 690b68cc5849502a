import { z } from "zod";

const Status = z.enum(["allowed", "allowed_warning", "rejected"]);

const Window = z.strictObject({
  /** 0 to 1. */
  utilization: z.number().min(0).optional(),
  status: Status.optional(),
  /** Seconds from the answer on. */
  resets_in: z.number().optional(),
  /** Seconds since 1970. */
  resets_at: z.number().optional(),
});

/** The usage windows of one subscription, as the provider would report them with each answer. */
export const Unified = z.strictObject({
  five_hour: Window.optional(),
  seven_day: Window.optional(),
});
export type Unified = z.infer<typeof Unified>;

const FIVE_HOUR_RESET_S = 3600;
const SEVEN_DAY_RESET_S = 3 * 24 * 3600;

export function isRejected(unified: Unified): boolean {
  return unified.five_hour?.status === "rejected" || unified.seven_day?.status === "rejected";
}

/** The `anthropic-ratelimit-unified-*` headers that a subscription's calls are answered with. */
export function unifiedHeaders(unified: Unified, nowMs: number): Record<string, string> {
  const { five_hour: five = {}, seven_day: seven = {} } = unified;
  const fiveStatus = five.status ?? "allowed";
  const sevenStatus = seven.status ?? "allowed";
  const worst = (["rejected", "allowed_warning"] as const).find(
    (status) => status === fiveStatus || status === sevenStatus,
  );
  const resetOf = (window: z.infer<typeof Window>, usualS: number) =>
    String(Math.floor(window.resets_at ?? nowMs / 1000 + (window.resets_in ?? usualS)));
  const fiveReset = resetOf(five, FIVE_HOUR_RESET_S);
  const sevenReset = resetOf(seven, SEVEN_DAY_RESET_S);
  const isWeekly = sevenStatus === "rejected";
  const values = {
    status: worst ?? "allowed",
    "5h-status": fiveStatus,
    "5h-reset": fiveReset,
    "5h-utilization": String(five.utilization ?? 0.1),
    "7d-status": sevenStatus,
    "7d-reset": sevenReset,
    "7d-utilization": String(seven.utilization ?? 0.05),
    "representative-claim": isWeekly ? "seven_day" : "five_hour",
    reset: isWeekly ? sevenReset : fiveReset,
    "fallback-percentage": "0.5",
    "overage-status": "rejected",
    "overage-disabled-reason": "org_level_disabled",
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`anthropic-ratelimit-unified-${name}`, value]),
  );
}
