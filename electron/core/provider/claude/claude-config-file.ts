import { mkdirSync, readFileSync, realpathSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import type { Clock } from "../../base/clock.ts";
import { createLane, type Lane } from "../../base/lane.ts";
import { makePrivateFolder } from "../../base/make-private-folder.ts";
import { writeFileDurably } from "../../base/write-file-durably.ts";

/** What `.claude.json` holds: the CLI's own, of which we know a few keys. */
export type ClaudeConfig = Readonly<Record<string, unknown>>;

interface ConfigChange {
  readonly isMade: (config: ClaudeConfig) => boolean;
  readonly make: (config: ClaudeConfig) => ClaudeConfig;
}

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
 * Changes `.claude.json` in a profile's folder, which is made when it is not there; resolves to whether there was anything to change.
 *
 * Safe while sessions of the profile run: every CLI process rewrites this file under the lock `.claude.json.lock`, reading it
 * anew each time, and so do we (measured with 2.1.329: no change of 20 was lost among three starting sessions; without the lock they were).
 *
 * Throws `settings-invalid` for a file that does not parse, and leaves it alone; `failed` for a lock that does not come free.
 */
export async function changeClaudeConfig(
  dir: string,
  change: ConfigChange,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const lane = lanes.get(dir) ?? createLane();
  lanes.set(dir, lane);
  return await lane.run(() => changeInFolder(dir, change, clock, signal));
}

async function changeInFolder(
  dir: string,
  { isMade, make }: ConfigChange,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  makePrivateFolder(dir);
  const file = join(dir, ".claude.json");
  if (isMade(readClaudeConfig(file))) return false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await takeLock(`${file}.lock`, clock, signal);
    try {
      const config = readClaudeConfig(file);
      if (!isMade(config)) writeConfig(file, make(config));
    } finally {
      rmdirSync(`${file}.lock`);
    }
    if (isMade(readClaudeConfig(file))) return true;
  }
  throw new SwitchyardError(
    "failed",
    `Another program keeps overwriting ${file}.`,
    "End the other programs that use this profile, then try again.",
  );
}

/** Empty when there is no such file. Throws `settings-invalid` for one that does not parse. */
export function readClaudeConfig(file: string): ClaudeConfig {
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

function writeConfig(file: string, config: ClaudeConfig): void {
  const found = statSync(file, { throwIfNoEntry: false });
  // A file that is a link to another place stays one.
  const target = found ? realpathSync(file) : file;
  writeFileDurably(target, `${JSON.stringify(config, null, 2)}\n`, {
    mode: (found?.mode ?? 0o600) & 0o700,
  });
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

/** The object that a value is; empty for anything else. */
export function toConfig(value: unknown): ClaudeConfig {
  return isConfig(value) ? value : {};
}

function isConfig(value: unknown): value is ClaudeConfig {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
