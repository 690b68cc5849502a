import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { GitError, runGit } from "./run-git.ts";

/** Older ones lack options without which nothing here works, `log --diff-merges` among them. */
const OLDEST_GIT = [2, 31] as const;

/** What git ends with when it does not know an option. */
export const UNKNOWN_OPTION = 129;

/** `limited`: it cannot merge without a checkout, which is slower and forecasts no conflicts; `none`: nothing works with it. */
export interface FoundGit {
  readonly version: string;
  readonly service: "full" | "limited" | "none";
}

/** The git that is found, and what can be done with it: told by what it can, not by its number. Throws `executable-missing`. */
export async function probeGit(): Promise<FoundGit> {
  const { stdout } = await runGit(process.cwd(), ["version"]).catch((error: unknown) => {
    if (error instanceof GitError && error.exitCode === -2) throw gitMissing(error);
    throw error;
  });
  const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? stdout.trim();
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor < OLDEST_GIT[1]))
    return { version, service: "none" };
  const usage = await runGit(process.cwd(), ["merge-tree", "-h"], {
    okExitCodes: [0, UNKNOWN_OPTION],
  });
  const isFull = `${usage.stdout}${usage.stderr}`.includes("--write-tree");
  return { version, service: isFull ? "full" : "limited" };
}

/** Throws `executable-missing` with the way out where the git that is found is too old for anything. */
export async function requireGit(): Promise<void> {
  const { version, service } = await probeGit();
  if (service !== "none") return;
  throw new SwitchyardError(
    "executable-missing",
    `git ${version} is too old: it lacks what branches are landed with.`,
    `Install git ${OLDEST_GIT.join(".")} or newer, better 2.38.`,
  );
}

export function gitMissing(cause: GitError): SwitchyardError {
  return new SwitchyardError(
    "executable-missing",
    "git is not installed, or not on the PATH.",
    `Install git ${OLDEST_GIT.join(".")} or newer.`,
    cause,
  );
}
