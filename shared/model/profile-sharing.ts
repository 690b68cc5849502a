import { z } from "zod";

/** What one profile can take over from another. A login, a key and a hook are never among it. */
export const ShareableItem = z.enum(["skills", "commands", "agents", "mcp-servers", "settings"]);
export type ShareableItem = z.infer<typeof ShareableItem>;

/** What was taken over, and what was not, with the reason for a person to read. */
export const ShareOutcome = z.object({
  copied: z.array(z.string()),
  leftOut: z.array(z.object({ what: z.string(), why: z.string() })),
});
export type ShareOutcome = z.infer<typeof ShareOutcome>;
