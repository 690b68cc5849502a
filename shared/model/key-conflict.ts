import { z } from "zod";

/** Keys that more than one action wants. */
export const KeyConflict = z.object({
  keys: z.string(),
  /** What they do. */
  wins: z.string(),
  /** What has none because of it. */
  loses: z.array(z.string()),
});
export type KeyConflict = z.infer<typeof KeyConflict>;

/** E.g. `F8 is wanted by palette and by reply: it does palette, and reply has no keys`. */
export function describeConflict({ keys, wins, loses }: KeyConflict): string {
  const losing = loses.join(", ");
  return `${keys} is wanted by ${wins} and by ${losing}: it does ${wins}, and ${losing} has no keys`;
}
