import { z } from "zod";

/** How much a worker may do without asking; the provider's own words. */
export const PermissionMode = z.enum([
  "default",
  "acceptEdits",
  "plan",
  "dontAsk",
  "auto",
  "bypassPermissions",
]);
export type PermissionMode = z.infer<typeof PermissionMode>;

/** Modes in which workers ask nothing: each has to be accepted, for a project or for one task, and for a while. */
export const UnaskedMode = PermissionMode.extract(["auto", "bypassPermissions"]);
export type UnaskedMode = z.infer<typeof UnaskedMode>;

/** What is shown wherever a session or task in such a mode is. */
export const ASKS_NOTHING = "asks nothing";

export function asksNothing(mode: PermissionMode | null): mode is UnaskedMode {
  return UnaskedMode.safeParse(mode).success;
}

/** A working day: who accepted it is there to see what came of it. */
export const ACCEPTED_MS = 8 * 3_600_000;

/** How long such a mode may be accepted at once, in milliseconds. */
export const AcceptedMs = z
  .number()
  .int()
  .min(60_000, "a mode is accepted for a minute at least")
  .max(7 * 24 * 3_600_000, "a mode is accepted for a week at most");

/** The `tool` of an approval that accepts a permission mode, which is its `input`. No tool of a provider has this name. */
export const MODE_TOOL = "permission-mode";
