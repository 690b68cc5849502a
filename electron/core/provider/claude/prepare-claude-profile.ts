import { chmodSync, mkdirSync, readFileSync, realpathSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import type { Clock } from "../../base/clock.ts";
import { createLane, type Lane } from "../../base/lane.ts";
import { writeFileDurably } from "../../base/write-file-durably.ts";

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
 * The CLI holds its lock for milliseconds, and itself goes on without it after about 1.5 s. An older one was left behind by a
 * program that ended: one `auth status` in five does that (5 of 24 measured with 2.1.329).
 */
const STALE_LOCK_MS = 2_000;
const LOCK_PATIENCE_MS = 10_000;
const LOCK_RETRY_MS = 25;
/** A CLI that went on without the lock can overwrite a change of ours. */
const ATTEMPTS = 3;

/** One profile folder is changed by one of us at a time. */
const lanes = new Map<string, Lane>();

/**
 * Sees to it that a session of this profile starts in a worktree of `checkout` without the CLI's first-run screens, which no
 * worker could answer. Writes only what is missing, keeps everything else, and leaves the file alone when it does not parse.
 *
 * Safe while sessions of the profile run: every CLI process rewrites this file under the lock `.claude.json.lock`, reading it
 * anew each time, and so do we (measured with 2.1.329: no change of 20 was lost among three starting sessions; without the lock they were).
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
  const lane = lanes.get(dir) ?? createLane();
  lanes.set(dir, lane);
  return lane.run(() => prepareFolder(dir, checkout, clock, signal));
}

async function prepareFolder(
  dir: string,
  checkout: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Preparation> {
  makePrivateFolder(dir);
  const file = join(dir, ".claude.json");
  if (isPrepared(readConfig(file), checkout)) return { kind: "ready", isChanged: false };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await takeLock(`${file}.lock`, clock, signal);
    try {
      const config = readConfig(file);
      if (!isPrepared(config, checkout)) writeConfig(file, withPreparation(config, checkout));
    } finally {
      rmdirSync(`${file}.lock`);
    }
    if (isPrepared(readConfig(file), checkout)) return { kind: "ready", isChanged: true };
  }
  throw new SwitchyardError(
    "failed",
    `Another program keeps overwriting ${file}.`,
    "End the other programs that use this profile, then try again.",
  );
}

function judgeDefaultProfile(file: string, checkout: string): Preparation {
  if (isPrepared(readConfig(file), checkout)) return { kind: "ready", isChanged: false };
  return {
    kind: "needs-person",
    reason: `Claude Code has not been used in ${checkout} with your default profile, so it would ask whether to trust it.`,
    fix: `Run claude once in ${checkout}, answer its questions, and leave it.`,
  };
}

type Config = Readonly<Record<string, unknown>>;

function isPrepared(config: Config, checkout: string): boolean {
  if (config.hasCompletedOnboarding !== true) return false;
  const projects = toConfig(config.projects);
  // Trust in a folder holds for everything below it (measured with 2.1.329).
  for (let folder = checkout; ; folder = dirname(folder)) {
    if (toConfig(projects[folder]).hasTrustDialogAccepted === true) return true;
    if (folder === dirname(folder)) return false;
  }
}

function withPreparation(config: Config, checkout: string): Config {
  const projects = toConfig(config.projects);
  const project = { ...toConfig(projects[checkout]), hasTrustDialogAccepted: true };
  return {
    ...config,
    hasCompletedOnboarding: true,
    projects: { ...projects, [checkout]: project },
  };
}

function readConfig(file: string): Config {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    // Node's file errors carry a code.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw invalid(file, "it cannot be read", error);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (error) {
    throw invalid(file, "it is not valid JSON", error);
  }
  if (!isConfig(parsed)) throw invalid(file, "it holds no settings");
  return parsed;
}

function invalid(file: string, why: string, cause?: unknown): SwitchyardError {
  return new SwitchyardError(
    "settings-invalid",
    `${file} was left as it is: ${why}.`,
    `Mend it by hand, or restore one of the copies that Claude Code keeps in ${join(dirname(file), "backups")}.`,
    cause,
  );
}

function writeConfig(file: string, config: Config): void {
  const found = statSync(file, { throwIfNoEntry: false });
  // A file that is a link to another place stays one.
  const target = found ? realpathSync(file) : file;
  writeFileDurably(target, `${JSON.stringify(config, null, 2)}\n`, {
    mode: (found?.mode ?? 0o600) & 0o700,
  });
}

/** Makes the folder that the CLI would make readable for everyone. Looser modes of a folder that exists are the doctor's business. */
function makePrivateFolder(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })) return;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
}

async function takeLock(lock: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const sinceMs = clock.monotonicMs();
  while (!tryLock(lock)) {
    const heldSince = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (heldSince !== undefined && clock.now().getTime() - heldSince > STALE_LOCK_MS) {
      removeStale(lock);
    } else if (clock.monotonicMs() - sinceMs > LOCK_PATIENCE_MS) {
      throw new SwitchyardError(
        "failed",
        `Another program has held ${lock} for ${LOCK_PATIENCE_MS / 1000} s.`,
        "Try again; if nothing uses this profile, remove that folder.",
      );
    } else await clock.wait(LOCK_RETRY_MS, signal);
  }
}

function tryLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function removeStale(lock: string): void {
  try {
    rmdirSync(lock);
  } catch (error) {
    // Its holder was quicker.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function toConfig(value: unknown): Config {
  return isConfig(value) ? value : {};
}

function isConfig(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
