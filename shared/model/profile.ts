import { z } from "zod";
import { Instant, ProfileName } from "./ids.ts";
import { UsageWindows } from "./usage-window.ts";

export const PlanTier = z.enum(["free", "pro", "max", "api", "custom"]);
export type PlanTier = z.infer<typeof PlanTier>;

/** How many sessions a plan starts with; every cap is editable. Not published by the provider: a setting that learns. */
export const STARTING_CAPS: Readonly<Record<PlanTier, number>> = {
  free: 1,
  pro: 5,
  max: 10,
  api: 10,
  custom: 1,
};

export const ProfileState = z.enum([
  "ready",
  "unchecked",
  "signed-out",
  "resting",
  "incident",
  "disabled",
]);
export type ProfileState = z.infer<typeof ProfileState>;

/** Who a profile is signed in as, as `claude auth status` tells it. Never a credential. */
export const Account = z.object({
  method: z.string(),
  email: z.string().nullable(),
  organisation: z.string().nullable(),
  subscription: z.string().nullable(),
});
export type Account = z.infer<typeof Account>;

/** A colour by which a profile is known on panes and meters. */
export const ProfileColour = z.enum([
  "red",
  "orange",
  "amber",
  "green",
  "teal",
  "cyan",
  "blue",
  "violet",
  "pink",
]);
export type ProfileColour = z.infer<typeof ProfileColour>;

/** What the provider's program said when it was asked who is signed in. It never proves that a call would be accepted. */
export type ProbeAnswer =
  | { readonly kind: "signed-in"; readonly account: Account }
  | { readonly kind: "signed-out" }
  /** Work would be billed by something else than the subscription; `variable` names what brings it in, where that can be told. */
  | { readonly kind: "foreign"; readonly method: string; readonly variable: string | null }
  | { readonly kind: "broken"; readonly why: string };

/** Whether conversations of its sessions may go on at other profiles (out), and others' at it (in), when a limit stops them. */
export const Moves = z.enum(["none", "out", "in", "both"]);
export type Moves = z.infer<typeof Moves>;

/** One Claude subscription: a config folder, a plan, a cap, its usage windows, its environment. */
export const Profile = z.object({
  name: ProfileName,
  provider: z.literal("claude"),
  plan: PlanTier,
  /** The profile's CLAUDE_CONFIG_DIR, spelled the same for ever; null: the provider's default folder, variable unset. */
  dir: z.string().nullable(),
  cap: z.number().int().min(1),
  learnedCap: z.number().int().min(0).nullable(),
  executable: z.string().nullable(),
  /** Null: one that follows from its name. */
  colour: ProfileColour.nullable(),
  /** The command that shows its sign-in page, the link behind its words; null: the link is offered in the window. */
  browser: z.string().nullable(),
  /** Names of the profile's own variables; their values stay in the core. */
  envNames: z.array(z.string()),
  state: ProfileState,
  reason: z.string().nullable(),
  restsUntil: Instant.nullable(),
  account: Account.nullable(),
  checkedAt: Instant.nullable(),
  /** Sessions that hold a slot now, those being started included. */
  live: z.number().int().nonnegative(),
  windows: UsageWindows,
  /** Position in "fill in order". */
  order: z.number().int(),
  moves: Moves,
});
export type Profile = z.infer<typeof Profile>;

/** Those of `others` that are signed in as the same account: they share its limits, and their logins push each other out. */
export function twinsOf<T extends Pick<Profile, "name" | "account">>(
  profile: Pick<Profile, "name" | "account">,
  others: readonly T[],
): readonly T[] {
  const { email, organisation } = profile.account ?? {};
  // Without an address nobody can tell whose login it is.
  if (!email) return [];
  return others.filter(
    ({ name, account }) =>
      name !== profile.name && account?.email === email && account.organisation === organisation,
  );
}

/** Whether somebody else signed in, or with another plan: what was measured of the windows before says nothing of these. */
export function hasOtherLimits(before: Account, now: Account): boolean {
  const fields = ["email", "organisation", "subscription"] as const;
  return fields.some((field) => {
    const [was, is] = [before[field], now[field]];
    // What the program does not tell is no difference.
    return was !== null && is !== null && was !== is;
  });
}

/** Whose login it is, for a person: what is known of `a@b.c · Acme · max`; of one that a call proved dead, whose it was. */
export function wordAccount({ account, state }: Pick<Profile, "account" | "state">): string {
  const parts = [account?.email, account?.organisation, account?.subscription].filter(Boolean);
  if (parts.length > 0) return parts.join(" · ");
  return !account || state === "signed-out" ? "Not signed in" : `Signed in by ${account.method}`;
}

/** The slots a profile offers in all: its cap, or what the provider's refusals taught if that is less. */
export function effectiveCap(profile: Pick<Profile, "cap" | "learnedCap">): number {
  return profile.learnedCap === null ? profile.cap : Math.min(profile.cap, profile.learnedCap);
}

/** Whether the provider's refusals taught less than the cap that was set. */
export function hasLearnedLess(profile: Pick<Profile, "cap" | "learnedCap">): boolean {
  return effectiveCap(profile) < profile.cap;
}

type Mover = Pick<Profile, "moves">;

export function isMovingOut({ moves }: Mover): boolean {
  return moves === "out" || moves === "both";
}

export function isMovingIn({ moves }: Mover): boolean {
  return moves === "in" || moves === "both";
}
