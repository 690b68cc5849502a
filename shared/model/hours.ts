import { z } from "zod";

const Allowed = {
  /** Null: as many as the project may run at any time. */
  workers: z.number().int().nonnegative().nullable(),
  /** Labels of tasks that run all the same. */
  essential: z.array(z.string()),
};

/** From one clock time to another of the same day, `08:00` to `24:00`. */
const HoursStretch = z.object({ from: z.string(), to: z.string(), ...Allowed });
export type HoursStretch = z.infer<typeof HoursStretch>;

const HoursDay = z.object({
  /** For a person: `Mon 23 Nov`. */
  day: z.string(),
  stretches: z.array(HoursStretch),
});
export type HoursDay = z.infer<typeof HoursDay>;

/** How many workers of a project may run in the seven days that begin today. */
export const HoursWeek = z.object({
  zone: z.string(),
  /** False: nothing is said of hours, and workers run at any time. */
  hasHours: z.boolean(),
  /** `until`: for a person; null when it does not change. */
  now: z.object({ ...Allowed, until: z.string().nullable() }),
  days: z.array(HoursDay),
});
export type HoursWeek = z.infer<typeof HoursWeek>;

/** `as many as may`, `no worker`, `2 workers, and fix all the same`. */
export function describeAllowed({
  workers,
  essential,
}: Pick<HoursStretch, "workers" | "essential">): string {
  if (workers === null) return "as many as may";
  const count = workers === 0 ? "no worker" : `${workers} ${workers === 1 ? "worker" : "workers"}`;
  return essential.length === 0 ? count : `${count}, and ${essential.join(", ")} all the same`;
}
