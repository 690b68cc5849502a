import type { Finding } from "../../../shared/model/finding.ts";
import { type ProbeAnswer, type Profile, twinsOf } from "../../../shared/model/profile.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { describeLooseFolder, refuseUnusableFolder } from "./profile-folder.ts";

/** Looks at the folder that holds the profile's login. */
export function findFolder(profile: Profile, others: readonly Profile[], home: string): Finding {
  const name = "folder";
  if (profile.dir === null)
    return { name, result: "good", detail: "It is the default profile of Claude Code.", fix: null };
  try {
    refuseUnusableFolder(profile.dir, others, home);
  } catch (error) {
    if (!(error instanceof SwitchyardError)) throw error;
    return { name, result: "bad", detail: error.message, fix: error.hint };
  }
  const loose = describeLooseFolder(profile.dir);
  if (loose) return { name, result: "warning", ...loose };
  return { name, result: "good", detail: profile.dir, fix: null };
}

export function findSignIn(profile: Profile, answer: ProbeAnswer): Finding {
  const name = "sign-in";
  switch (answer.kind) {
    case "signed-in": {
      const { email, method, subscription } = answer.account;
      const who = [email ?? "signed in", subscription, `by ${method}`].filter(Boolean).join(", ");
      return { name, result: "good", detail: who, fix: null };
    }
    case "signed-out":
      return {
        name,
        result: "bad",
        detail: "Nobody is signed in.",
        fix: `switchyard profile login ${profile.name}`,
      };
    case "foreign":
      return {
        name,
        result: "bad",
        detail: `${answer.variable ?? "Something in its settings or environment"} outranks the subscription: sessions would pay by ${answer.method}.`,
        fix: `Take ${answer.variable ?? "it"} out of the profile (--env, or settings.json in its folder), or give the profile the plan api.`,
      };
    case "broken":
      return {
        name,
        result: "bad",
        detail: `Its sign-in could not be checked: ${answer.why}`,
        fix: answer.why.startsWith("Configuration error")
          ? `Mend the file by hand, or restore one of the copies that Claude Code keeps in ${profile.dir ?? "~/.claude"}/backups.`
          : "Run claude auth status with this profile by hand to see more.",
      };
    default:
      return unreachable(answer);
  }
}

/** Two profiles of one account share its limits, and their logins push each other out. */
export function findTwins(profile: Profile, others: readonly Profile[]): readonly Finding[] {
  return twinsOf(profile, others).map((twin) => ({
    name: "account",
    result: "warning",
    detail: `${twin.name} is signed in as ${profile.account?.email} too: both draw on one set of limits.`,
    fix: `Sign in to one of them with another account, or remove it: switchyard profile remove ${twin.name}`,
  }));
}

/** Two profiles that were given one token are one account, whatever their logins say. */
export function findSharedToken(
  profile: Profile,
  others: readonly Profile[],
  tokenOf: (profile: Profile) => string | undefined,
): readonly Finding[] {
  const token = tokenOf(profile);
  if (token === undefined) return [];
  return others
    .filter((other) => tokenOf(other) === token)
    .map(({ name }) => ({
      name: "account",
      result: "warning",
      detail: `${name} has the same CLAUDE_CODE_OAUTH_TOKEN: both draw on one set of limits.`,
      fix: `Give one of them a token of another account, or remove it: switchyard profile remove ${name}`,
    }));
}
