import { z } from "zod";

/** One thing the doctor looked at. */
export const Finding = z.object({
  name: z.string(),
  result: z.enum(["good", "warning", "bad"]),
  detail: z.string(),
  /** What to do about it; null where nothing needs doing. */
  fix: z.string().nullable(),
});
export type Finding = z.infer<typeof Finding>;
