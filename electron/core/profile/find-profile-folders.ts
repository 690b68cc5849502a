import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ProfileName } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { defaultFolder, refuseUnusableFolder, spellingOf, statOf } from "./profile-folder.ts";
import { readWrapper } from "./read-wrapper.ts";

export interface FoundFolder {
  readonly dir: string;
  readonly name: ProfileName;
  /** Where it was seen, for a person: the folder itself, or the script that names it. */
  readonly source: string;
  /** The program that the script runs; null: claude, as found on the PATH. */
  readonly executable: string | null;
  /** Why it cannot be taken over as it is, with the way out. */
  readonly problem: string | null;
}

const NAME_MAX_CHARS = 40;

/**
 * Folders below `home` that look like profiles and are not in `known`: `~/.claude`, `~/.claude-*`, `~/.config/claude-profiles/*`,
 * and what scripts in `~/bin` and `~/.local/bin` set CLAUDE_CONFIG_DIR to. Nothing inside a folder is read, nothing is moved.
 */
export function findProfileFolders(
  home: string,
  known: { readonly dirs: readonly string[]; readonly names: readonly string[] },
): readonly FoundFolder[] {
  const seen = new Set(known.dirs.map(spellingOf));
  const names = new Set(known.names);
  const found: FoundFolder[] = [];
  for (const { dir, wish, source, executable } of listCandidates(home)) {
    const real = spellingOf(dir);
    if (seen.has(real) || seen.has(dir) || !statOf(dir)?.isDirectory()) continue;
    const problem = dir === defaultFolder(home) ? null : findProblem(dir, home);
    // What a link that cannot be taken over leads to may come yet.
    seen.add(problem === null ? real : dir);
    const name = freeName(wish, names);
    names.add(name);
    found.push({ dir, name, source, executable, problem });
  }
  return found;
}

/** A name for a profile made of `wish`, with a number behind it when that is taken. */
export function freeName(wish: string, taken: ReadonlySet<string>): ProfileName {
  const plain = wish
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, NAME_MAX_CHARS - 3);
  const stem = plain || "profile";
  // Names that differ in their case alone would have one folder on some disks.
  const inUse = new Set([...taken].map((each) => each.toLowerCase()));
  let name = stem;
  for (let count = 2; inUse.has(name.toLowerCase()); count++) name = `${stem}-${count}`;
  return ProfileName.parse(name);
}

function findProblem(dir: string, home: string): string | null {
  try {
    refuseUnusableFolder(dir, [], home);
    return null;
  } catch (error) {
    if (error instanceof SwitchyardError) return [error.message, error.hint].join(" ");
    throw error;
  }
}

interface NamedFolder {
  readonly dir: string;
  readonly wish: string;
  readonly source: string;
  readonly executable: string | null;
}

function listCandidates(home: string): readonly NamedFolder[] {
  const inHome = list(home)
    .filter((name) => name.startsWith(".claude-"))
    .map((name) => at(join(home, name), name.slice(".claude-".length)));
  const profiles = join(home, ".config", "claude-profiles");
  const inProfiles = list(profiles).map((name) => at(join(profiles, name), name));
  const scripts = [join(home, "bin"), join(home, ".local", "bin")].flatMap((folder) =>
    list(folder).flatMap((name) => {
      const source = join(folder, name);
      const wrapper = readWrapper(source, home);
      return wrapper === null ? [] : [{ ...wrapper, source }];
    }),
  );
  return [at(defaultFolder(home), "default"), ...inHome, ...inProfiles, ...scripts];
}

function at(dir: string, wish: string): NamedFolder {
  return { dir, wish, source: dir, executable: null };
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
