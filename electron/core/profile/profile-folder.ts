import { accessSync, constants, lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, normalize, sep } from "node:path";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { expandTilde } from "../base/data-folder.ts";

/** The provider's default folder: used with CLAUDE_CONFIG_DIR unset, which is another login than the folder named. */
export function defaultFolder(home: string): string {
  return join(home, ".claude");
}

/**
 * How a profile keeps the folder a person named, for ever spelled like this: absolute, `~` expanded, no slash at its
 * end, no `.`, `..` or double slash inside.
 * Null for the provider's default folder. Throws `bad-input` for a path that is not absolute.
 */
export function toProfileDir(named: string, home: string): string | null {
  const plain = expandTilde(named, home);
  if (!plain.startsWith("/") && !/^[A-Za-z]:[\\/]/.test(plain)) {
    throw new SwitchyardError(
      "bad-input",
      `${named} is not an absolute path.`,
      "Name the folder from the root on, or from ~.",
    );
  }
  const dir = normalize(plain).replace(/(?<=.)\/+$/, "");
  return dir === defaultFolder(home) ? null : dir;
}

/**
 * Throws `bad-input` for what cannot be a profile's folder, each with its sentence. A folder that does not exist is fine:
 * it is made before the first start.
 */
export function refuseUnusableFolder(
  dir: string,
  others: readonly OtherProfile[],
  home: string,
): void {
  const found = look(dir);
  if (found) refuseKind(dir, found);
  refuseSharedFolder(dir, others, home);
}

/** Throws `bad-input` for the folder of one of `others`, however it is spelled. */
export function refuseSharedFolder(
  dir: string,
  others: readonly OtherProfile[],
  home: string,
): void {
  const real = spellingOf(dir);
  const sharer = others.find((other) => spellingOf(other.dir ?? defaultFolder(home)) === real);
  if (sharer) {
    throw new SwitchyardError(
      "bad-input",
      `${dir} already belongs to the profile ${sharer.name}; two profiles in one folder would share one login.`,
      "Name another folder, or leave it out to get a new one.",
    );
  }
}

/** Throws `bad-input` for a folder in which a profile would get into the way of something else. */
export function refuseTakenPlace(
  dir: string,
  places: { readonly home: string; readonly dataHome: string },
): void {
  const real = spellingOf(dir);
  const profiles = join(spellingOf(places.dataHome), "profiles");
  const isOwn = isInside(real, profiles) && real !== profiles;
  if (
    real !== spellingOf(places.home) &&
    (isOwn || !isInside(real, spellingOf(places.dataHome))) &&
    dirname(real) !== real
  )
    return;
  throw new SwitchyardError(
    "bad-input",
    `${dir} belongs to something else; Claude Code would put its own files among what is there.`,
    "Name a folder for this profile alone, or leave it out to get a new one.",
  );
}

function isInside(dir: string, folder: string): boolean {
  return dir === folder || dir.startsWith(`${folder}${sep}`);
}

/** Throws `bad-input` where nothing can be, and nothing could be made. */
function look(dir: string): Stats | undefined {
  try {
    return lstatSync(dir, { throwIfNoEntry: false });
  } catch (cause) {
    // What the file system throws carries its code.
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOTDIR" ? "there is a file on the way to it" : `the system says ${code}`;
    throw new SwitchyardError(
      "bad-input",
      `There can be no folder ${dir}: ${why}.`,
      "Name another folder, or leave it out to get a new one.",
      cause,
    );
  }
}

/** Throws `not-found` unless there is a folder at `dir`: one to be taken over as it is cannot be made later. */
export function requireFolder(dir: string): void {
  const found = statOf(dir);
  if (found?.isDirectory()) return;
  throw new SwitchyardError(
    "not-found",
    found ? `${dir} is a file, not a folder.` : `There is no folder ${dir}.`,
    "Name a CLAUDE_CONFIG_DIR that exists, or a script that sets it to one. A profile with a new one: switchyard profile add NAME --plan pro",
  );
}

/** Nothing behind a link that leads in a circle, or in a place that may not be looked into. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

interface OtherProfile {
  readonly name: string;
  readonly dir: string | null;
}

/** What others on this machine may do with an existing folder; null when it is this user's alone, or does not exist. */
export function describeLooseFolder(dir: string): { detail: string; fix: string } | null {
  const found = lstatSync(dir, { throwIfNoEntry: false });
  if (!found || process.platform === "win32" || (found.mode & 0o077) === 0) return null;
  const what = found.mode & 0o022 ? "written to" : "looked into";
  return {
    detail: `${dir} can be ${what} by other users of this machine; it holds a login.`,
    fix: `chmod 700 ${dir}`,
  };
}

function refuseKind(dir: string, found: Stats): void {
  if (found.isSymbolicLink()) {
    throw new SwitchyardError(
      "bad-input",
      `${dir} is a link to another place; a login is kept by the spelling of its folder, and a link that moves would lose it.`,
      "Name the folder it points to.",
    );
  }
  if (!found.isDirectory()) {
    throw new SwitchyardError("bad-input", `${dir} is a file, not a folder.`, "Name a folder.");
  }
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new SwitchyardError(
      "bad-input",
      `${dir} cannot be written by this user.`,
      `Give it to yourself (chown, chmod u+rwx ${dir}), or name another folder.`,
      cause,
    );
  }
}

/** The one spelling of a place that links may lead to, also where the last of its folders are not there yet. */
export function spellingOf(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    const parent = dirname(dir);
    return parent === dir ? dir : join(spellingOf(parent), basename(dir));
  }
}
