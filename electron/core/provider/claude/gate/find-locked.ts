import path from "node:path";
import { type Command, parse, type Word } from "unbash";
import { partsOf, type SyntaxNode, toNodes } from "./syntax-nodes.ts";
import { unwrapCommand } from "./unwrap-command.ts";

/** Commands that begin with these words, in which `*` stands for anything within a word, run in a slot of this lock. */
export interface LockedCommand {
  readonly lock: string;
  readonly pattern: string;
}

export interface FoundLocked {
  readonly lock: string;
  /** Where in the script the command's first word stands. */
  readonly at: number;
}

const SHELLS = /^(sh|bash|zsh|dash|ksh)$/;
/** What they run is no program that another one could start for the shell. */
const SHELL_WORDS = /^(command|builtin|exec)$/;
/** A script that is nested deeper is no build. */
const DEPTH_MAX = 4;

/**
 * Every command of a script that has to run in a slot, in their order. What cannot be read is left as it is, and so is what takes
 * a slot already, what a function of the script's own is called, and what only `eval` would show.
 */
export function findLocked(
  script: string,
  locked: readonly LockedCommand[],
  depth = 0,
): readonly FoundLocked[] {
  if (locked.length === 0 || depth > DEPTH_MAX) return [];
  const parsed = parse(script);
  if ((parsed.errors?.length ?? 0) > 0) return [];
  const found: FoundLocked[] = [];
  const functions = new Set<string>();
  walk(toNodes([parsed as unknown]), (node) => {
    // The parser's own types say what such nodes hold.
    if (node.type === "Function") functions.add((node.name as Word | undefined)?.value ?? "");
    if (node.type !== "Command") return;
    const command = node as unknown as Command;
    const words = [command.name, ...command.args].filter((word) => word?.type === "Word");
    const first = words.find((word) => !SHELL_WORDS.test(word.value));
    if (!first || functions.has(first.value)) return;
    const lock = lockOf(
      words.map(({ value }) => value),
      locked,
      depth,
    );
    // In old-fashioned backquotes places are counted anew.
    if (lock !== null && script.startsWith(first.text, first.pos))
      found.push({ lock, at: first.pos });
  });
  return found.sort((a, b) => a.at - b.at);
}

/** The script with each such command put behind what `prefixOf` gives for its lock; null when there is none. */
export function putThroughLocks(
  script: string,
  locked: readonly LockedCommand[],
  prefixOf: (lock: string) => string,
): string | null {
  const found = findLocked(script, locked);
  if (found.length === 0) return null;
  return found.reduceRight(
    (text, { lock, at }) => `${text.slice(0, at)}${prefixOf(lock)}${text.slice(at)}`,
    script,
  );
}

function lockOf(
  words: readonly string[],
  locked: readonly LockedCommand[],
  depth: number,
): string | null {
  if (isLockItself(words)) return null;
  for (const form of [words, unwrapCommand(words)]) {
    const own = locked.find(({ pattern }) => isMatch(form, pattern));
    if (own) return own.lock;
    const inner = innerScript(form);
    const [first] = inner === null ? [] : findLocked(inner, locked, depth + 1);
    if (first) return first.lock;
  }
  return null;
}

function isLockItself(words: readonly string[]): boolean {
  return words.some((word, at) => {
    const program = path.basename(word);
    const isOwn = program === "switchyard" || program === "sy";
    return program === "switchyard-lock" || (isOwn && words.slice(at + 1).includes("lock"));
  });
}

function isMatch(words: readonly string[], pattern: string): boolean {
  const wanted = pattern.split(/\s+/).filter(Boolean);
  if (wanted.length === 0 || words.length < wanted.length) return false;
  return wanted.every((want, at) => {
    const word = words[at] ?? "";
    const forms = at === 0 ? [word, path.basename(word)] : [word];
    return forms.some((form) => isGlobMatch(form, want));
  });
}

function isGlobMatch(word: string, glob: string): boolean {
  const source = glob
    .split("*")
    .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`, "s").test(word);
}

/** The text that `bash -c` runs. */
function innerScript(words: readonly string[]): string | null {
  if (!SHELLS.test(path.basename(words[0] ?? ""))) return null;
  const at = words.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  return at < 0 ? null : (words[at + 1] ?? null);
}

function walk(nodes: readonly SyntaxNode[], visit: (node: SyntaxNode) => void): void {
  const seen = new Set<SyntaxNode>();
  const queue = [...nodes];
  for (let node = queue.shift(); node; node = queue.shift()) {
    if (seen.has(node)) continue;
    seen.add(node);
    visit(node);
    queue.push(...[...partsOf(node), node.script, node.commands].flatMap(toNodes));
  }
}
