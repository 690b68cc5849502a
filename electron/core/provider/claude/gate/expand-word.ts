import path from "node:path";
import type { Assignment, ParameterExpansionPart, ParsedScript, Word, WordPart } from "unbash";

/** Stands for a piece of text that is known only when the command runs. */
export const UNSEEN = "\u0000";
/** The same, for text that comes from the network, or out of an encoding. */
export const DOWNLOADED = "\u0001";
export const ENCODED = "\u0002";
// biome-ignore lint/suspicious/noControlCharactersInRegex: no text of a person holds them, which is why they mark what is not seen.
const MARKS = /[\u0000-\u0002]/;

/** What a script knows at one point of its run. */
export interface Scope {
  cwd: string;
  readonly home: string;
  readonly worktree: string;
  /** Several values: the variable of a loop. */
  readonly variables: Map<string, readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a command in `$(…)` prints, as far as that can be seen. */
export type ReadOutput = (script: ParsedScript | undefined, scope: Scope) => string;

/** A word's pieces are combined in every way; more than this is not seen. */
const VALUES_MAX = 64;

/** Where the first piece of a text is that cannot be seen; -1: all of it can. */
export function findUnseen(text: string): number {
  return text.search(MARKS);
}

/** Every value that a word can have. */
export function expandWord(word: Word, scope: Scope, output: ReadOutput): readonly string[] {
  const parts = word.parts ?? [];
  const values = parts.length === 0 ? [word.value] : expandParts(parts, scope, output);
  // Braces come first: each of what a leading pair of them gives may begin with the home folder.
  const mayBeHome = word.text.startsWith("~") || parts[0]?.type === "BraceExpansion";
  const told = values.map((value) =>
    mayBeHome && value.startsWith("~") ? expandHome(value, scope) : value,
  );
  return isSplit(parts) ? told.flatMap((value) => value.split(/\s+/).filter(Boolean)) : told;
}

/** `X=…`, alone or before a command. */
export function assign(assignment: Assignment, scope: Scope, output: ReadOutput): void {
  const { name, value, append } = assignment;
  const values = value.type === "Word" ? expandWord(value, scope, output) : [UNSEEN];
  scope.variables.set(name, append || values.length === 0 ? [UNSEEN] : values);
}

/** Unquoted and alone, a variable's value becomes as many words as it has. */
function isSplit(parts: readonly WordPart[]): boolean {
  const [only, ...others] = parts;
  if (others.length > 0) return false;
  return only?.type === "SimpleExpansion" || only?.type === "ParameterExpansion";
}

function expandHome(value: string, scope: Scope): string {
  if (value === "~" || value.startsWith("~/")) return scope.home + value.slice(1);
  if (value === "~+" || value.startsWith("~+/")) return scope.cwd + value.slice(2);
  return path.join(path.dirname(scope.home), value.slice(1));
}

function expandParts(
  parts: readonly WordPart[],
  scope: Scope,
  output: ReadOutput,
): readonly string[] {
  let values: readonly string[] = [""];
  for (const part of parts) {
    const next = expandPart(part, scope, output);
    values = values.flatMap((before) => next.map((each) => before + each));
    if (values.length > VALUES_MAX) return [UNSEEN];
  }
  return values;
}

function expandPart(part: WordPart, scope: Scope, output: ReadOutput): readonly string[] {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [part.value];
    case "Glob":
    case "ExtendedGlob":
      return [part.text];
    case "DoubleQuoted":
    case "LocaleString":
      return expandParts(part.parts, scope, output);
    case "SimpleExpansion":
      return readVariable(part.text.slice(1), scope);
    case "ParameterExpansion":
      return readParameter(part, scope, output);
    case "CommandExpansion":
      return [output(part.script, scope)];
    case "ProcessSubstitution":
      return [`/dev/fd/63${output(part.script, scope)}`];
    case "ArithmeticExpansion":
      return ["0"];
    case "BraceExpansion":
      return expandBraces(part.text);
    default:
      return [UNSEEN];
  }
}

function readParameter(
  part: ParameterExpansionPart,
  scope: Scope,
  output: ReadOutput,
): readonly string[] {
  if (part.prefix === "#") return ["0"];
  if (part.prefix !== undefined || part.index !== undefined) return [UNSEEN];
  const value = readVariable(part.parameter, scope);
  const { operation } = part;
  if (operation === undefined) return value;
  if (operation.type !== "Default") return [UNSEEN];
  const isSet = value[0] !== UNSEEN;
  switch (operation.operator) {
    case "-":
    case ":-":
    case "=":
    case ":=":
      return isSet ? value : expandWord(operation.operand, scope, output);
    case "?":
    case ":?":
      return value;
    case "+":
    case ":+":
      return isSet ? expandWord(operation.operand, scope, output) : [UNSEEN];
    default:
      return [UNSEEN];
  }
}

/** A variable that nobody set is empty when the command runs, or set by a file of the shell's own: not seen. */
function readVariable(name: string, scope: Scope): readonly string[] {
  if (["$", "?", "#", "!", "RANDOM", "SECONDS", "UID", "PPID"].includes(name)) return ["0"];
  if (name === "PWD") return [scope.cwd];
  if (name === "HOME" && !scope.variables.has(name)) return [scope.home];
  const own = scope.variables.get(name);
  if (own !== undefined) return own;
  const given = scope.env[name];
  return [given === undefined || given === "" ? UNSEEN : given];
}

function expandBraces(text: string): readonly string[] {
  const inner = text.slice(1, -1);
  if (/[${}]/.test(inner)) return [UNSEEN];
  return inner.includes("..") ? inner.split("..") : inner.split(",");
}
