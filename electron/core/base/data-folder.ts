import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  type Stats,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { describeFullDisk, isOutOfInodes } from "./describe-full-disk.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * The longest path a unix socket can have everywhere: macOS keeps 104 bytes with the closing zero (Linux 108).
 * A longer one is cut without an error on some systems.
 */
const SOCKET_PATH_MAX_BYTES = 103;
/** The longest name of a socket below `run/`, with room for the host's protocol number to grow. */
const LONGEST_SOCKET_NAME = "host-9999.sock";

/** Where everything of one installation lives. Every path is absolute. */
export interface DataFolder {
  readonly home: string;
  readonly db: string;
  readonly telemetryDb: string;
  /** The number of the newest event, kept outside the database so that lost data is noticed. */
  readonly storeMark: string;
  readonly config: string;
  /** The person's own keys. */
  readonly keys: string;
  /** How terminals are arranged in windows. */
  readonly layouts: string;
  /** How terminals look. */
  readonly look: string;
  readonly profiles: string;
  readonly sessions: string;
  readonly worktrees: string;
  readonly run: string;
  /** Programs of ours that sessions can call. */
  readonly programs: string;
  readonly coreFile: string;
  readonly hostFile: string;
  /** Where the sockets are: `run`, or a short folder below /tmp when their paths would be too long there. */
  readonly sockets: string;
  readonly coreSocket: string;
  readonly logs: string;
  readonly backups: string;
  profileDir(name: string): string;
  sessionDir(id: string): string;
  hostSocket(protocol: number): string;
}

/** The data folder that is meant: `home` (of `--home`), else SWITCHYARD_HOME, else the platform's usual place. */
export function resolveHome(asked: {
  readonly home?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
}): string {
  const { env, platform = process.platform } = asked;
  const own = (platform === "win32" ? env.USERPROFILE : env.HOME) || homedir();
  const wanted = asked.home || env.SWITCHYARD_HOME || usualPlace(platform, own, env);
  return realSpelling(resolve(expandTilde(wanted, own)));
}

/** Names every place in the data folder; touches nothing. */
export function dataFolder(home: string, platform: NodeJS.Platform = process.platform): DataFolder {
  const run = join(home, "run");
  const sockets = socketFolder(home, run, platform);
  const socket = (name: string) =>
    platform === "win32" ? `${sockets}-${name}` : join(sockets, `${name}.sock`);
  return {
    home,
    db: join(home, "switchyard.db"),
    telemetryDb: join(home, "telemetry.db"),
    storeMark: join(home, "switchyard.mark"),
    config: join(home, "config.yaml"),
    keys: join(home, "keys.yaml"),
    layouts: join(home, "layouts.json"),
    look: join(home, "terminal.json"),
    profiles: join(home, "profiles"),
    sessions: join(home, "sessions"),
    worktrees: join(home, "worktrees"),
    run,
    programs: join(run, "bin"),
    coreFile: join(run, "core.json"),
    hostFile: join(run, "host.json"),
    sockets,
    coreSocket: socket("core"),
    logs: join(home, "logs"),
    backups: join(home, "backups"),
    profileDir: (name) => join(home, "profiles", name),
    sessionDir: (id) => join(home, "sessions", id),
    hostSocket: (protocol) => socket(`host-${protocol}`),
  };
}

/** Makes the folders that are missing. Throws `data-folder-unusable` when the place cannot hold them. */
export function prepareDataFolder(folder: DataFolder): void {
  try {
    makeHome(folder.home);
    for (const path of [folder.sessions, folder.worktrees, folder.logs, folder.backups]) {
      mkdirSync(path, { recursive: true });
    }
    for (const path of [folder.run, folder.profiles]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      chmodSync(path, 0o700);
    }
    accessSync(folder.home, constants.W_OK);
  } catch (error) {
    throw unusable(folder.home, error);
  }
  // Everything after this makes files, and the system's word for none being left is "full".
  if (isOutOfInodes(folder.home))
    throw new SwitchyardError(
      "disk-full",
      `${describeFullDisk(folder.home)}.`,
      "Remove some files.",
    );
  if (folder.sockets !== folder.run && process.platform !== "win32") {
    mkdirSync(folder.sockets, { recursive: true, mode: 0o700 });
  }
  verifySocketFolder(folder);
}

/**
 * Throws `data-folder-unusable` when someone else could have put a socket where ours belong. Call it before connecting.
 * A missing folder is fine: nothing listens there.
 */
export function verifySocketFolder(folder: DataFolder): void {
  if (process.platform === "win32") return;
  const found = look(folder);
  if (!found) return;
  const isOurs = found.uid === process.getuid?.();
  if (found.isDirectory() && isOurs && (found.mode & 0o077) === 0) return;
  throw new SwitchyardError(
    "data-folder-unusable",
    `${folder.sockets} is not a folder that only you can enter, so its sockets cannot be trusted.`,
    `Remove ${folder.sockets} and start again.`,
  );
}

function look(folder: DataFolder): Stats | undefined {
  try {
    return lstatSync(folder.sockets, { throwIfNoEntry: false });
  } catch (error) {
    throw unusable(folder.home, error);
  }
}

export function expandTilde(path: string, home: string): string {
  if (path === "~") return home;
  return /^~[\\/]/.test(path) ? join(home, path.slice(2)) : path;
}

function usualPlace(
  platform: NodeJS.Platform,
  own: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (platform === "darwin") return join(own, "Library", "Application Support", "Switchyard");
  if (platform === "win32") {
    return join(env.APPDATA || join(own, "AppData", "Roaming"), "Switchyard");
  }
  return join(env.XDG_DATA_HOME || join(own, ".local", "share"), "switchyard");
}

/** One spelling for one folder, whichever link led to it: profiles are known to the provider by their path. */
function realSpelling(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    // What does not exist yet is spelled as asked, below the nearest folder that does.
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || parent === path) return path;
    return join(realSpelling(parent), path.slice(parent.length));
  }
}

function socketFolder(home: string, run: string, platform: NodeJS.Platform): string {
  const hash = createHash("sha256").update(home).digest("hex").slice(0, 12);
  if (platform === "win32") return `\\\\.\\pipe\\switchyard-${hash}`;
  if (Buffer.byteLength(join(run, LONGEST_SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES) return run;
  // Not TMPDIR: it differs between a desktop start, a terminal and a service, and all of them must find the same socket.
  return `/tmp/switchyard-${process.getuid?.() ?? 0}-${hash}`;
}

function makeHome(home: string): void {
  makeFolder(home, 0o700);
  // A folder that was there with other things in it may be shared on purpose: its mode stays.
  if (readdirSync(home).length === 0) chmodSync(home, 0o700);
}

function unusable(home: string, error: unknown): SwitchyardError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SwitchyardError(
      "disk-full",
      `${describeFullDisk(home)}.`,
      "Free some space.",
      error,
    );
  }
  const isFile = code === "EEXIST" || code === "ENOTDIR";
  const why = isFile ? "there is a file where a folder belongs" : `it cannot be written (${code})`;
  return new SwitchyardError(
    "data-folder-unusable",
    `The data folder ${home} cannot be used: ${why}.`,
    "Name another folder with --home or SWITCHYARD_HOME.",
    error,
  );
}
