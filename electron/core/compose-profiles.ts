import { homedir } from "node:os";
import type { Finding } from "../../shared/model/finding.ts";
import type { Profile } from "../../shared/model/profile.ts";
import type { Session } from "../../shared/model/session.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { Clock } from "./base/clock.ts";
import type { DataFolder } from "./base/data-folder.ts";
import type { Log } from "./base/log.ts";
import { makePrivateFolder } from "./base/make-private-folder.ts";
import { buildEnvironment } from "./process/session-environment.ts";
import { resolveBrowser } from "./profile/browser-command.ts";
import { Profiles } from "./profile/profiles.ts";
import { probeAccount, signOut } from "./provider/claude/claude-auth.ts";
import {
  ClaudeVersions,
  isClaudeSupported,
  OLDEST_CLAUDE,
  resolveClaude,
} from "./provider/claude/claude-executable.ts";
import { copyProfileParts } from "./provider/claude/copy-profile-parts.ts";
import { planClaudeEnvironment } from "./provider/claude/plan-claude-environment.ts";
import type { Store } from "./store/store.ts";

interface ComposedProfiles {
  readonly profiles: Profiles;
  /** The profile's `claude`; throws what is wrong with it. */
  readonly executableOf: (profile: Pick<Profile, "name" | "executable">) => string;
  /** The same, whose version is asked anew when its file is another than before: it may have been replaced while sessions ran. */
  readonly programFor: (profile: Profile, signal: AbortSignal) => Promise<string>;
  /** The whole environment that any program of this profile gets. */
  readonly environmentOf: (
    profile: Profile,
    allowed: readonly string[],
    additions: Readonly<Record<string, string>>,
  ) => Record<string, string>;
  /** Looks at the `claude` that profiles without one of their own run. */
  readonly inspectClaude: (signal: AbortSignal) => Promise<Finding>;
}

/** Puts the profiles together with the program that they run. */
export function composeProfiles(parts: {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly launchLogin: (profile: Profile) => Promise<Session>;
  /** Aborts when the core stops. */
  readonly signal: AbortSignal;
}): ComposedProfiles {
  const { store, folder, clock, log, launchLogin, signal: leaving } = parts;
  const home = homedir();
  const versions = new ClaudeVersions();
  const executableOf = (profile: Pick<Profile, "executable"> & Partial<Pick<Profile, "name">>) =>
    resolveClaude(
      profile.executable,
      { pathVariable: process.env.PATH ?? "", homeFolder: home },
      profile.name,
    );
  const environmentOf: ComposedProfiles["environmentOf"] = (profile, allowed, additions) =>
    buildEnvironment({
      person: process.env,
      allowed,
      additions: {
        ...planClaudeEnvironment({ dir: profile.dir, env: store.profiles.envOf(profile.name) }),
        ...additions,
      },
    });
  const versionOf = (
    profile: Partial<Pick<Profile, "name">>,
    file: string,
    signal: AbortSignal,
  ): Promise<string> =>
    versions.of(file, buildEnvironment({ person: process.env }), signal, profile.name);
  const authOf = (profile: Profile) => {
    const executable = executableOf(profile);
    // A mere question makes the CLI make it, readable for everyone (2.1.329).
    if (profile.dir !== null) makePrivateFolder(profile.dir);
    return { executable, env: environmentOf(profile, [], {}), plan: profile.plan };
  };

  const inspect = async (
    profile: Parameters<typeof executableOf>[0],
    signal: AbortSignal,
  ): Promise<Finding> => {
    const name = "Claude Code";
    try {
      const file = executableOf(profile);
      const version = await versionOf(profile, file, signal);
      if (isClaudeSupported(version))
        return { name, result: "good", detail: `${version} at ${file}`, fix: null };
      return {
        name,
        result: "warning",
        detail: `${version} at ${file} is older than ${OLDEST_CLAUDE}: its gate lets a call by when its hook hangs.`,
        fix: "claude update",
      };
    } catch (error) {
      return {
        name,
        result: "bad",
        detail: error instanceof Error ? error.message : String(error),
        fix: error instanceof SwitchyardError ? error.hint : null,
      };
    }
  };

  const profiles = new Profiles({
    store,
    folderOf: (name) => folder.profileDir(name),
    dataHome: folder.home,
    home,
    clock,
    log,
    random: Math.random,
    probe: async (profile, signal) => probeAccount(authOf(profile), signal),
    inspectProgram: (profile, signal) => inspect(profile, signal),
    requireBrowser: (command) =>
      void resolveBrowser(command, { pathVariable: process.env.PATH ?? "", homeFolder: home }),
    copyParts: (from, to, items) =>
      copyProfileParts({ from: from.dir, to: to.dir, home, items, clock, signal: leaving }),
    launchLogin,
    signOut: async (profile, signal) => signOut(authOf(profile), signal),
  });
  return {
    profiles,
    executableOf,
    async programFor(profile, signal) {
      const file = executableOf(profile);
      try {
        const version = await versionOf(profile, file, signal);
        if (!isClaudeSupported(version))
          log.warn({ profile: profile.name, file, version }, "its Claude Code is too old");
      } catch (error) {
        // What is wrong with it the start itself tells better.
        log.warn({ error, profile: profile.name, file }, "its program tells no version");
      }
      return file;
    },
    environmentOf,
    inspectClaude: (signal) => {
      const user = store.profiles.list().find(({ executable }) => executable === null);
      return inspect(user ?? { executable: null }, signal);
    },
  };
}
