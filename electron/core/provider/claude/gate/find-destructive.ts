import type { Scope } from "./expand-word.ts";
import {
  type GateCall,
  type GateContext,
  type GateHit,
  type GateRules,
  hit,
} from "./gate-rules.ts";
import { isAllExcepted, isExcepted, judgeScript } from "./judge-command.ts";
import { judgeWrite } from "./judge-path.ts";
import { judgeSql } from "./judge-sql.ts";

/** Words in the name of a tool that say what it does. */
const DESTRUCTIVE_WORDS = [
  "delete",
  "drop",
  "destroy",
  "truncate",
  "purge",
  "wipe",
  "erase",
  "terminate",
];
/** Words beside them that say it does something else. */
const HARMLESS_WORDS = ["drag", "browser", "undelete", "undo"];
/** They run what stands in `command`. */
const COMMAND_TOOLS = ["Bash", "PowerShell", "Monitor"];
const FILE_TOOLS = ["Write", "Edit", "MultiEdit", "NotebookEdit"];

/**
 * Whether a tool call would take away what its task does not own; null when it would not, as far as its words tell.
 *
 * A seat-belt, not a wall: a worker that wants to can write a script and run that. What holds it is the provider's sandbox, and
 * that its environment has no keys to what must not be lost.
 */
export function findDestructive(
  call: GateCall,
  rules: GateRules,
  realPath: (path: string) => string,
): GateHit | null {
  const context: GateContext = { rules, realPath, isElsewhere: false };
  const subject = subjectOf(call);
  const isCommand = COMMAND_TOOLS.includes(call.tool);
  const isLetBy = isCommand
    ? isAllExcepted(subject, scopeOf(call, rules), context)
    : isExcepted(subject, context);
  if (isLetBy) return null;
  const own = rules.patterns.find(({ pattern }) => new RegExp(pattern).test(subject));
  if (own) return hit(own.name, `It matches the pattern "${own.name}" of the settings.`);
  if (isCommand) return judgeScript(subject, scopeOf(call, rules), context);
  if (FILE_TOOLS.includes(call.tool)) return judgeWrite(subject, call.cwd, context);
  if (call.tool.startsWith("mcp__")) return judgeServerTool(call);
  return null;
}

function subjectOf({ tool, input }: GateCall): string {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  if (COMMAND_TOOLS.includes(tool)) return text(input.command);
  if (FILE_TOOLS.includes(tool)) return text(input.file_path) || text(input.notebook_path);
  return `${tool} ${JSON.stringify(input)}`;
}

function scopeOf(call: GateCall, rules: GateRules): Scope {
  return {
    cwd: call.cwd,
    home: rules.home,
    worktree: rules.worktree,
    variables: new Map(),
    env: call.env,
  };
}

function judgeServerTool({ tool, input }: GateCall): GateHit | null {
  const [, server = "", ...rest] = tool.split("__");
  if (server === "switchyard") return null;
  const words = rest
    .join("_")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/);
  if (
    words.some((word) => DESTRUCTIVE_WORDS.includes(word)) &&
    !words.some((word) => HARMLESS_WORDS.includes(word))
  )
    return hit(
      "server-tool",
      `The tool ${rest.join("__")} of ${server} says that it deletes something.`,
    );
  const sql = Object.entries(input).filter(([name]) =>
    /^(sql|query|statement|command)$/i.test(name),
  );
  for (const [, value] of sql) {
    const found = typeof value === "string" ? judgeSql(value) : null;
    if (found !== null) return found;
  }
  return null;
}
