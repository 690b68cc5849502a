import { describeSilence, type HostSilence } from "../../../../shared/model/core-health.ts";
import type { Finding } from "../../../../shared/model/finding.ts";
import { effectiveCap, type Profile } from "../../../../shared/model/profile.ts";
import { examineGit, type GitParts } from "./examine-git.ts";
import { examineHooks, type HookParts } from "./examine-hooks.ts";
import { examinePlaces, type PlaceParts } from "./examine-places.ts";
import { examinePullRequests, type ProposingProject } from "./examine-pull-requests.ts";
import { examineRepositories, type OddRepository } from "./examine-repositories.ts";
import { examineSettings, type SettingsParts } from "./examine-settings.ts";
import { examineSystem, type Machine } from "./examine-system.ts";
import { bad, good, warning } from "./finding.ts";

export interface DoctorParts {
  readonly machine: Machine;
  readonly git: GitParts;
  readonly hooks: HookParts;
  readonly settings: SettingsParts;
  readonly profiles: readonly Profile[];
  readonly inspectClaude: () => Promise<Finding>;
  readonly checkProfile: (profile: Profile) => Promise<readonly Finding[]>;
  readonly hostSilence: HostSilence | null;
  /** Runs a program in a terminal of the host's and gives what it printed; null while the app does not run. */
  readonly tryTerminal: (() => Promise<string>) | null;
  readonly projects: PlaceParts["projects"];
  readonly findOddRepositories: () => Promise<readonly OddRepository[]>;
  /** Projects whose work is proposed as pull requests. */
  readonly findProposing: () => Promise<readonly ProposingProject[]>;
  readonly findLostWorktrees: PlaceParts["findLostWorktrees"];
  /** Processes of sessions that are over. */
  readonly findOrphans: () => readonly number[];
}

/** What the terminal's program has to print. */
export const TERMINAL_WORD = "switchyard";

/** Looks at everything that a fleet of workers needs, and says for each finding why it matters and what to do. */
export async function runDoctor(parts: DoctorParts): Promise<readonly Finding[]> {
  const planned = parts.profiles.reduce((sum, profile) => sum + effectiveCap(profile), 0);
  const [claude, git, hooks, terminal] = await Promise.all([
    parts.inspectClaude(),
    examineGit(parts.git),
    examineHooks(parts.hooks),
    examineTerminal(parts),
  ]);
  const findings = [
    claude,
    ...git,
    ...hooks,
    terminal,
    ...examineSystem(parts.machine, planned),
    ...examineSettings(parts.settings),
    examineOrphans(parts.findOrphans()),
    ...(await examinePlaces(parts)),
    ...examineRepositories(await parts.findOddRepositories()),
    ...examinePullRequests(await parts.findProposing()),
  ];
  for (const profile of parts.profiles) findings.push(...(await parts.checkProfile(profile)));
  if (parts.profiles.length === 0)
    findings.push(
      warning(
        "Profiles",
        "There is no profile yet, so no worker can start.",
        "switchyard profile add NAME --plan pro",
      ),
    );
  return findings;
}

async function examineTerminal({ hostSilence, tryTerminal }: DoctorParts): Promise<Finding> {
  const name = "Terminal host";
  if (hostSilence) {
    const { text, wayOut } = describeSilence(hostSilence);
    return bad(name, text, wayOut);
  }
  if (!tryTerminal)
    return good(name, "Not looked at: it runs with the app. Each session has its terminal there.");
  try {
    const printed = await tryTerminal();
    if (printed.includes(TERMINAL_WORD)) return good(name, "It starts programs in terminals.");
    return bad(
      name,
      `A program in a terminal printed ${JSON.stringify(printed.slice(0, 80))} where one word was expected.`,
      "switchyard stop --keep-sessions && switchyard serve",
    );
  } catch (error) {
    return bad(
      name,
      `It starts no program in a terminal, so no worker can start: ${reasonOf(error)}`,
      "npm rebuild node-pty",
    );
  }
}

function examineOrphans(orphans: readonly number[]): Finding {
  const name = "Left-over processes";
  if (orphans.length === 0) return good(name, "Nothing runs of sessions that are over.");
  return warning(
    name,
    `${orphans.length} processes of sessions that are over still run, and may change what others work on.`,
    `kill ${orphans.slice(0, 20).join(" ")}`,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
