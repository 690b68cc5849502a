import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { splitCommand } from "../process/split-command.ts";
import { defaultFolder } from "./profile-folder.ts";

/** A wrapper script is a few lines; what is larger is a program. */
const SCRIPT_MAX_BYTES = 64 * 1024;

export interface Wrapper {
  readonly dir: string;
  /** What the profile could be called. */
  readonly wish: string;
  /** The program that it runs; null: claude, as found on the PATH. */
  readonly executable: string | null;
}

/**
 * What a script says that starts Claude Code with a CLAUDE_CONFIG_DIR of its own, ours and people's; null for any other file.
 * What only a shell could work out is not guessed at. It is read, never run.
 */
export function readWrapper(file: string, home: string): Wrapper | null {
  const content = readSmallScript(file);
  const dir = readFolder(content, home);
  if (dir === null) return null;
  const wish = basename(file).replace(/^claude-/, "");
  return { dir, wish, executable: readProgram(content, home) };
}

function readFolder(content: string, home: string): string | null {
  const set = /\bCLAUDE_CONFIG_DIR=(?:"([^"\n]+)"|((?:'[^'\n]*'|\\')+)|([^\s;"']+))/.exec(content);
  const quoted = set?.[2] === undefined ? undefined : firstWord(set[2]);
  const value = set?.[1] ?? quoted ?? set?.[3];
  if (value === undefined) {
    // Ours for the default profile, whose variable stays unset.
    const isDefault = /^unset CLAUDE_CONFIG_DIR$/m.test(content) && /^exec /m.test(content);
    return isDefault ? defaultFolder(home) : null;
  }
  const dir = expandHome(value, home).replace(/(?<=.)\/+$/, "");
  return dir.startsWith("/") && isPlain(dir) ? dir : null;
}

/** The program behind the last `exec`, or behind the variable on one line with it, when a path names it. */
function readProgram(content: string, home: string): string | null {
  const line = content
    .split("\n")
    .findLast((each) => /^\s*(?:exec\s|CLAUDE_CONFIG_DIR=)/.test(each));
  const command = line?.trim().replace(/^(?:CLAUDE_CONFIG_DIR=(?:"[^"]*"|'[^']*'|\S+)\s+)/, "");
  const program = firstWord(command?.replace(/^exec\s+/, "") ?? "");
  if (program === undefined) return null;
  const path = expandHome(program, home);
  return path.startsWith("/") && isPlain(path) ? path : null;
}

function firstWord(words: string): string | undefined {
  try {
    return splitCommand(words)[0];
  } catch (error) {
    if (error instanceof SwitchyardError) return undefined;
    throw error;
  }
}

function expandHome(path: string, home: string): string {
  return path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
}

function isPlain(path: string): boolean {
  return !path.includes("$") && !path.includes("`");
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
