import { dirname, join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import {
  type ClaudeConfig,
  changeClaudeConfig,
  readClaudeConfig,
  toConfig,
} from "./claude-config-file.ts";

export interface PrepareInput {
  /** The profile's folder; null: the provider's default one. */
  readonly dir: string | null;
  /** The person's home folder, where the default profile keeps its file. */
  readonly home: string;
  /** The main checkout of the project, symlinks resolved: its worktrees are trusted with it. */
  readonly checkout: string;
}

export type Preparation =
  | { readonly kind: "ready"; readonly isChanged: boolean }
  /** The default profile is the person's own and is never written: they have to answer the CLI's first questions there. */
  | { readonly kind: "needs-person"; readonly reason: string; readonly fix: string };

/**
 * Sees to it that a session of this profile starts in a worktree of `checkout` without the CLI's first-run screens, which no
 * worker could answer. Writes only what is missing, keeps everything else, and leaves the file alone when it does not parse.
 *
 * Throws `settings-invalid` for a file that does not parse, `failed` for a lock that does not come free.
 */
export async function prepareClaudeProfile(
  input: PrepareInput,
  clock: Clock,
  signal: AbortSignal,
): Promise<Preparation> {
  const { dir, checkout } = input;
  if (dir === null) return judgeDefaultProfile(join(input.home, ".claude.json"), checkout);
  const change = {
    isMade: (config: ClaudeConfig) => isPrepared(config, checkout),
    make: (config: ClaudeConfig) => withPreparation(config, checkout),
  };
  return { kind: "ready", isChanged: await changeClaudeConfig(dir, change, clock, signal) };
}

function judgeDefaultProfile(file: string, checkout: string): Preparation {
  if (isPrepared(readClaudeConfig(file), checkout)) return { kind: "ready", isChanged: false };
  return {
    kind: "needs-person",
    reason: `Claude Code has not been used in ${checkout} with your default profile, so it would ask whether to trust it.`,
    fix: `Run claude once in ${checkout}, answer its questions, and leave it.`,
  };
}

function isPrepared(config: ClaudeConfig, checkout: string): boolean {
  if (config.hasCompletedOnboarding !== true) return false;
  const projects = toConfig(config.projects);
  // Trust in a folder holds for everything below it (measured with 2.1.329).
  for (let folder = checkout; ; folder = dirname(folder)) {
    if (toConfig(projects[folder]).hasTrustDialogAccepted === true) return true;
    if (folder === dirname(folder)) return false;
  }
}

function withPreparation(config: ClaudeConfig, checkout: string): ClaudeConfig {
  const projects = toConfig(config.projects);
  const project = { ...toConfig(projects[checkout]), hasTrustDialogAccepted: true };
  return {
    ...config,
    hasCompletedOnboarding: true,
    projects: { ...projects, [checkout]: project },
  };
}
