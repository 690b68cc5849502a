import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { ProfileName } from "../../../shared/model/ids.ts";
import { defaultFolder } from "./profile-folder.ts";

export interface FoundFolder {
  readonly dir: string;
  readonly name: ProfileName;
  /** Where it was seen, for a person: the folder itself, or the script that names it. */
  readonly source: string;
}

/** A wrapper script is a few lines; what is larger is a program. */
const SCRIPT_MAX_BYTES = 64 * 1024;
const NAME_MAX_CHARS = 40;

/**
 * Folders below `home` that look like profiles and are not in `known`: `~/.claude`, `~/.claude-*`, `~/.config/claude-profiles/*`,
 * and what scripts in `~/bin` and `~/.local/bin` set CLAUDE_CONFIG_DIR to. Nothing inside a folder is read, nothing is moved.
 */
export function findProfileFolders(
  home: string,
  known: { readonly dirs: readonly string[]; readonly names: readonly string[] },
): readonly FoundFolder[] {
  const seen = new Set(known.dirs);
  const names = new Set(known.names);
  const found: FoundFolder[] = [];
  for (const { dir, wish, source } of listCandidates(home)) {
    if (seen.has(dir) || !isFolder(dir)) continue;
    seen.add(dir);
    const name = freeName(wish, names);
    names.add(name);
    found.push({ dir, name, source });
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
  let name = stem;
  for (let count = 2; taken.has(name); count++) name = `${stem}-${count}`;
  return ProfileName.parse(name);
}

interface NamedFolder {
  readonly dir: string;
  readonly wish: string;
  readonly source: string;
}

function listCandidates(home: string): readonly NamedFolder[] {
  const inHome = list(home)
    .filter((name) => name.startsWith(".claude-"))
    .map((name) => at(join(home, name), name.slice(".claude-".length)));
  const profiles = join(home, ".config", "claude-profiles");
  const inProfiles = list(profiles).map((name) => at(join(profiles, name), name));
  const scripts = [join(home, "bin"), join(home, ".local", "bin")].flatMap((folder) =>
    list(folder).flatMap((name) => readScript(join(folder, name), home)),
  );
  return [at(defaultFolder(home), "default"), ...inHome, ...inProfiles, ...scripts];
}

function at(dir: string, wish: string): NamedFolder {
  return { dir, wish, source: dir };
}

function readScript(file: string, home: string): readonly NamedFolder[] {
  const content = readSmallScript(file);
  const set = /\bCLAUDE_CONFIG_DIR=(?:"([^"\n]+)"|'([^'\n]+)'|([^\s;"']+))/.exec(content);
  const value = set?.[1] ?? set?.[2] ?? set?.[3];
  if (value === undefined) return [];
  const dir = value.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, home).replace(/(?<=.)\/+$/, "");
  // What the shell would have to work out is not guessed at.
  if (!dir.startsWith("/") || dir.includes("$") || dir.includes("`")) return [];
  return [{ dir, wish: basename(file).replace(/^claude-/, ""), source: file }];
}

function readSmallScript(file: string): string {
  try {
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > SCRIPT_MAX_BYTES) return "";
    const content = readFileSync(file, "utf8");
    return content.startsWith("#!") ? content : "";
  } catch {
    // A dangling link or a script of somebody else's names no profile of ours.
    return "";
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
