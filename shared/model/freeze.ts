import { z } from "zod";
import { describeMoment, ownZone } from "./describe-moment.ts";
import { Instant } from "./ids.ts";

/** A freeze that a person began by hand; without an end it lasts until they end it. */
export const HandFreeze = z.object({ since: Instant, until: Instant.nullable() });
export type HandFreeze = z.infer<typeof HandFreeze>;

/** While it lasts, work is tested and nothing lands but hot fixes. `until` is null where no end is known. */
export const Frozen = z.object({ by: z.enum(["person", "settings"]), until: Instant.nullable() });
export type Frozen = z.infer<typeof Frozen>;

/** Why an entry that has passed waits for a freeze. */
export function frozenReason({ until }: Frozen, now: Date): string {
  const end = until === null ? "" : ` at ${describeMoment(until, ownZone(), now)}`;
  return `its checks passed; it waits for the freeze to end${end}`;
}

/** What is in force at a moment: a row is as old as the last look of a core. */
export function stillFrozen(frozen: Frozen | null | undefined, now: Date): Frozen | null {
  if (!frozen) return null;
  return frozen.until === null || Date.parse(frozen.until) > now.getTime() ? frozen : null;
}

/** `by you until Mon 23 Nov, 08:00 (Europe/Berlin)`, to come after "frozen". */
export function describeFrozen({ by, until }: Frozen, now: Date): string {
  const who = by === "person" ? "by you" : "by queue.freeze of the settings";
  return `${who} ${until === null ? "with no end" : `until ${describeMoment(until, ownZone(), now)}`}`;
}
