import {
  type Command,
  type CommandExpansionPart,
  type ParsedScript,
  type ProcessSubstitutionPart,
  parse,
  type Redirection,
  type Word,
} from "unbash";
import { assign, expandWord, type ReadOutput, type Scope, UNSEEN } from "./expand-word.ts";
import { followFolder } from "./follow-folder.ts";
import { copyScope, mergeScopes } from "./merge-scopes.ts";
import { printedBy } from "./printed-by.ts";
import { readInput, readWrites } from "./read-redirects.ts";
import {
  isCatchAll,
  isSubstitution,
  partsOf,
  type SyntaxNode,
  textOf,
  toNodes,
} from "./syntax-nodes.ts";

/** One simple command of a script, as it would run. */
export interface SeenCommand {
  /** The program first; what cannot be seen holds a mark of expand-word.ts. */
  readonly words: readonly string[];
  /** Files that its output goes to. */
  readonly writes: readonly string[];
  /** Text on its standard input. */
  readonly input: string | null;
  /** The command before it in its pipeline. */
  readonly from: SeenCommand | null;
  readonly cwd: string;
  readonly scope: Scope;
  readonly source: string;
}

export interface Reading {
  readonly commands: readonly SeenCommand[];
  /** The shell would refuse it, or it is more than is read. */
  readonly isUnreadable: boolean;
}

/** A script of more commands, or of calls nested deeper, is not read. */
const COMMANDS_MAX = 3_000;
const DEPTH_MAX = 60;

/**
 * The simple commands of a script in the order in which they stand, those of its substitutions, loops, branches and called
 * functions among them, with what can be known of their words. Follows `cd` and plain assignments.
 */
export function readCommands(script: string, scope: Scope): Reading {
  const reader = new Reader(0);
  const parsed = parse(script);
  reader.script(parsed, script, scope);
  return {
    commands: reader.seen,
    isUnreadable: reader.isFull || (parsed.errors?.length ?? 0) > 0,
  };
}

class Reader {
  readonly seen: SeenCommand[] = [];
  isFull = false;
  readonly #functions = new Map<string, SyntaxNode>();
  #depth: number;

  constructor(depth: number) {
    this.#depth = depth;
  }

  script(script: ParsedScript, source: string, scope: Scope): SeenCommand | null {
    return this.#all(script.commands, script.source ?? source, scope);
  }

  #all(nodes: unknown, source: string, scope: Scope): SeenCommand | null {
    let last: SeenCommand | null = null;
    for (const node of toNodes(nodes)) last = this.#node(node, source, scope, null) ?? last;
    return last;
  }

  /** Gives the command whose output the node's output is. */
  #node(
    node: SyntaxNode,
    source: string,
    scope: Scope,
    from: SeenCommand | null,
  ): SeenCommand | null {
    if (this.seen.length > COMMANDS_MAX || this.#depth > DEPTH_MAX) {
      this.isFull = true;
      return null;
    }
    this.#depth += 1;
    try {
      switch (node.type) {
        case "Command":
          // The parser's own type says what such a node holds.
          return this.#command(node as unknown as Command, source, scope, from);
        case "Pipeline": {
          let before = from;
          for (const command of toNodes(node.commands))
            before = this.#node(command, source, copyScope(scope), before);
          return before;
        }
        case "Subshell":
          return this.#inside(node, source, copyScope(scope), from);
        case "Function":
          this.#functions.set(textOf(node.name), node);
          return null;
        case "AndOr":
          return this.#either(node, source, scope, from);
        case "If":
        case "Case":
          return this.#branches(node, source, scope, from);
        case "For":
        case "Select":
          this.#loop(node, source, scope);
          return this.#inside({ type: "", body: node.body }, source, scope, from);
        case "Redirected": {
          // Its type says that these are redirections.
          const redirects = (node.redirects ?? []) as readonly Redirection[];
          const output = this.#output(source);
          for (const each of redirects) this.#substitutions(each, source, scope);
          const writes = readWrites(redirects, scope, output);
          if (writes.length > 0)
            this.seen.push({
              words: [],
              writes,
              input: null,
              from,
              cwd: scope.cwd,
              scope,
              // An exception for what stands before it in the script is none for it.
              source: source.slice(Number(node.pos), Number(node.end)),
            });
          return this.#inside({ type: "", command: node.command }, source, scope, from);
        }
        default:
          return this.#inside(node, source, scope, from);
      }
    } finally {
      this.#depth -= 1;
    }
  }

  /** What a node of another kind holds: commands at any depth, in the order in which they stand. */
  #inside(
    node: SyntaxNode,
    source: string,
    scope: Scope,
    from: SeenCommand | null,
  ): SeenCommand | null {
    let last: SeenCommand | null = null;
    for (const value of partsOf(node)) {
      for (const child of toNodes(value)) {
        if (isSubstitution(child)) this.#substitutions(child, source, scope);
        else last = this.#node(child, source, scope, from) ?? last;
      }
    }
    return last;
  }

  /** What stands behind `||` runs, or what stands before it did. */
  #either(
    node: SyntaxNode,
    source: string,
    scope: Scope,
    from: SeenCommand | null,
  ): SeenCommand | null {
    const commands = toNodes(node.commands);
    const operators = Array.isArray(node.operators) ? node.operators : [];
    let last: SeenCommand | null = null;
    for (const [at, command] of commands.entries()) {
      const before = copyScope(scope);
      last = this.#node(command, source, scope, from) ?? last;
      // A variable that only this one sets is set when it is read, or the script had no use for it.
      if (operators[at - 1] === "||") mergeScopes(scope, [before, copyScope(scope)], "set-before");
    }
    return last;
  }

  /** One of its branches runs, or none: what each of them says of a variable may hold afterwards. */
  #branches(
    node: SyntaxNode,
    source: string,
    scope: Scope,
    from: SeenCommand | null,
  ): SeenCommand | null {
    this.#substitutions(node.word, source, scope);
    // Conditions run in order, each before the branches that come after it.
    const parts = [node, ...toNodes(node.elif), ...toNodes(node.items)];
    const ends: Scope[] = [];
    let last: SeenCommand | null = null;
    const run = (body: unknown) => {
      const branch = copyScope(scope);
      last = this.#inside({ type: "", body }, source, branch, from) ?? last;
      ends.push(branch);
    };
    for (const part of parts) {
      this.#substitutions(part.pattern, source, scope);
      if (part.clause) this.#inside({ type: "", body: part.clause }, source, scope, from);
      const body = part.then ?? part.body;
      if (body) run(body);
    }
    if (node.else) run(node.else);
    const isComplete = Boolean(node.else) || toNodes(node.items).some(isCatchAll);
    mergeScopes(scope, isComplete ? ends : [...ends, copyScope(scope)]);
    return last;
  }

  #loop(node: SyntaxNode, source: string, scope: Scope): void {
    this.#substitutions(node.wordlist, source, scope);
    // Its type says that these are words.
    const words = (node.wordlist ?? []) as readonly Word[];
    const values = words.flatMap((word) => expandWord(word, scope, this.#output(source)));
    scope.variables.set(textOf(node.name), values.length === 0 ? [UNSEEN] : values);
  }

  #command(
    node: Command,
    source: string,
    scope: Scope,
    from: SeenCommand | null,
  ): SeenCommand | null {
    const output = this.#output(source);
    for (const part of [node.name, ...node.prefix, ...node.suffix])
      this.#substitutions(part, source, scope);
    const assigned = node.prefix.filter((part) => part.type === "Assignment");
    if (node.name === undefined) for (const each of assigned) assign(each, scope, output);
    const words = [node.name, ...node.args].flatMap((word) => {
      if (word === undefined) return [];
      if (word.type === "Word") return expandWord(word, scope, output);
      assign(word, scope, output);
      return [word.text];
    });
    // What stands before a command is in its environment alone.
    const own = copyScope(scope);
    if (node.name !== undefined) for (const each of assigned) assign(each, own, output);
    const command: SeenCommand = {
      words,
      writes: readWrites(node.redirects, scope, output),
      input: readInput(node.redirects),
      from,
      cwd: scope.cwd,
      scope: own,
      source: source.slice(node.pos, node.end),
    };
    this.seen.push(command);
    this.#follow(words, source, scope, from);
    return command;
  }

  /** What a command changes for those after it: the folder, or whatever a function of the script's own does. */
  #follow(words: readonly string[], source: string, scope: Scope, from: SeenCommand | null): void {
    const [name = "", ...args] = words;
    const body = this.#functions.get(name);
    if (body !== undefined) {
      const inner = copyScope(scope);
      for (const [at, value] of args.entries()) inner.variables.set(String(at + 1), [value]);
      inner.variables.set("@", args.length === 0 ? [""] : args);
      this.#inside({ type: "", body: body.body }, source, inner, from);
      return;
    }
    followFolder(name, args, scope);
  }

  /** Reads the commands in every `$(…)` and `<(…)` below a node. */
  #substitutions(node: unknown, source: string, scope: Scope): void {
    for (const child of toNodes(node)) {
      if (isSubstitution(child)) {
        // The parser's own type says what such a part holds.
        const { script } = child as unknown as CommandExpansionPart | ProcessSubstitutionPart;
        if (script)
          this.#node({ type: "", body: script }, script.source ?? source, copyScope(scope), null);
      } else for (const value of partsOf(child)) this.#substitutions(value, source, scope);
    }
  }

  #output(source: string): ReadOutput {
    const depth = this.#depth + 1;
    return (script, scope) => readOutput(script, source, scope, depth);
  }
}

/** What a substitution prints, where that can be told without running it. */
function readOutput(
  script: ParsedScript | undefined,
  source: string,
  scope: Scope,
  depth: number,
): string {
  if (!script) return UNSEEN;
  const inner = new Reader(depth);
  const last = inner.script(script, source, copyScope(scope));
  // Nothing runs in `$(< file)` and the like.
  return last === null ? UNSEEN : printedBy(last);
}
