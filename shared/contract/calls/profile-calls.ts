import { z } from "zod";
import { Finding } from "../../model/finding.ts";
import { ProfileName } from "../../model/ids.ts";
import { Moves, PlanTier, Profile, ProfileColour } from "../../model/profile.ts";
import { ShareableItem, ShareOutcome } from "../../model/profile-sharing.ts";
import { Session } from "../../model/session.ts";
import { UsageReport } from "../../model/usage-report.ts";
import type { Contract } from "../rpc.ts";
import { None } from "./shapes.ts";

const ProfileCheck = z.object({ profile: Profile, findings: z.array(Finding) });

const profileSettings = {
  plan: PlanTier.optional(),
  cap: z
    .number()
    .int("a cap is a whole number")
    .min(1, "a cap is at least 1; to give a profile no work, disable it")
    .max(100)
    .optional(),
  executable: z.string().max(4096).optional(),
  colour: ProfileColour.nullable().optional(),
  /** The command that shows its sign-in page, words as in a shell; empty: none. */
  browser: z.string().max(4096).optional(),
  /** Beside the variables it has; an empty value takes one away. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(8192)).optional(),
  isDisabled: z.boolean().optional(),
  moves: Moves.optional(),
  order: z.number().int().optional(),
};

/** Profiles, their sign-in, and what was used of them. */
export const profileCalls = {
  "profile.add": {
    in: z.strictObject({
      name: ProfileName,
      dir: z.string().max(4096).optional(),
      ...profileSettings,
      plan: PlanTier,
    }),
    out: Profile,
  },
  /** Folders that look like profiles and are not yet known. Nothing is moved or read but its presence. */
  "profile.find": {
    in: None,
    out: z.array(
      z.object({
        dir: z.string(),
        name: ProfileName,
        source: z.string(),
        /** Why it cannot be taken over as it is, with the way out. */
        problem: z.string().nullable(),
      }),
    ),
  },
  /** `dirs` are config folders, or scripts that set CLAUDE_CONFIG_DIR; without any, those that are found. */
  "profile.import": {
    in: z.strictObject({ dirs: z.array(z.string()).optional(), plan: PlanTier.optional() }),
    out: z.array(Profile),
  },
  "profile.list": { in: None, out: z.array(Profile) },
  "profile.show": { in: z.strictObject({ name: ProfileName }), out: Profile },
  "profile.set": { in: z.strictObject({ name: ProfileName, ...profileSettings }), out: Profile },
  "profile.check": { in: z.strictObject({ name: ProfileName }), out: ProfileCheck },
  /** Copies from one profile's folder into another's what is named; what is there already stays. Never a login, a key or a hook. */
  "profile.share": {
    in: z.strictObject({
      name: ProfileName,
      from: ProfileName,
      items: z.array(ShareableItem).min(1),
    }),
    out: ShareOutcome,
  },
  /**
   * Starts the provider's own login in a pane, or answers with the one that runs; the session's `link` and `codeLink` fill when
   * the program asks for a browser.
   */
  "profile.login": { in: z.strictObject({ name: ProfileName }), out: Session },
  /** Types the code that the sign-in page showed into the login that runs. */
  "profile.send-code": {
    in: z.strictObject({ name: ProfileName, code: z.string().min(1).max(4096) }),
    out: None,
  },
  "profile.logout": { in: z.strictObject({ name: ProfileName }), out: Profile },
  "profile.remove": { in: z.strictObject({ name: ProfileName }), out: None },
  "profile.wrapper": {
    in: z.strictObject({ name: ProfileName, out: z.string() }),
    out: z.object({ file: z.string() }),
  },
  /** What was measured of usage windows in the last hours (a week), who used them, and advice on plans. */
  "usage.read": {
    in: z.strictObject({
      profile: ProfileName.optional(),
      hours: z.number().int().min(1).max(840).optional(),
    }),
    out: UsageReport,
  },
} as const satisfies Contract["calls"];
