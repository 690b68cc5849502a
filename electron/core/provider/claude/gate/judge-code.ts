import { type GateContext, type GateHit, hit } from "./gate-rules.ts";
import { judgeRemoval } from "./judge-path.ts";
import { judgeSql } from "./judge-sql.ts";

const TEXT = /(["'`])((?:\\.|(?!\1).)*)\1/gs;
const RUNS_COMMANDS =
  /\b(os\.(system|popen|exec\w*|spawn\w*)|subprocess|pty\.spawn|child_process|execa?(File)?(Sync)?\b|spawn(Sync)?\b|system\b|shell_exec|passthru|Bun\.\$|Deno\.Command|qx\b)/;
const RUNS_SQL = /\b(execute\w*|cursor|query|connect|\$executeRaw\w*|raw|psycopg\w*|pymysql)\b/i;
/** Deletes whole folders: what it deletes must be seen. */
const REMOVES_FOLDERS =
  /\b(?:shutil\.rmtree|rmtree|(?:fs\.)?(?:promises\.)?rm(?:Sync|dirSync|dir)?|rimraf(?:\.sync)?|FileUtils\.rm_rf?|FileUtils\.remove_dir|remove_tree|fs\.rm)\s*\(\s*([^,)]*(?:\([^)]*\))?[^,)]*)/g;
const REMOVES_FILES =
  /\b(?:os\.(?:remove|unlink|rmdir|removedirs)|(?:fs\.)?(?:promises\.)?unlink(?:Sync)?|File\.delete|unlink)\s*\(\s*([^,)]*(?:\([^)]*\))?[^,)]*)/g;
const OF_PATHS =
  /\bPath\(\s*([^()]*(?:\([^()]*\))?[^()]*)\)\s*(?:\.\w+\(\)\s*)*\.(?:unlink|rmdir)\s*\(/g;
const OPENS_LITE = /(?:connect|Database|DatabaseSync)\s*\(\s*["']([^"']*)["']/g;

/** What a piece of code that is run by its text (`python -c`, `node -e`, …) would take away: as far as a look at its words tells. */
export function judgeCode(
  code: string,
  cwd: string,
  context: GateContext,
  judgeScript: (script: string) => GateHit | null,
): GateHit | null {
  for (const [, target = ""] of code.matchAll(REMOVES_FOLDERS)) {
    const found = judgeTarget(target, cwd, context, true);
    if (found !== null) return found;
  }
  for (const [, target = ""] of [...code.matchAll(REMOVES_FILES), ...code.matchAll(OF_PATHS)]) {
    const found = judgeTarget(target, cwd, context, false);
    if (found !== null) return found;
  }
  const texts = [...code.matchAll(TEXT)].map((match) => match[2] ?? "");
  if (RUNS_COMMANDS.test(code)) {
    // A list of words is a command too.
    const lists = [...code.matchAll(/\[([^[\]]*)\]/g)].map((match) =>
      [...(match[1] ?? "").matchAll(TEXT)].map((each) => `'${each[2] ?? ""}'`).join(" "),
    );
    // … and so are a program and the list that follows it.
    const calls = [...code.matchAll(/(["'`])([\w./-]+)\1\s*,\s*\[([^[\]]*)\]/g)].map(
      ([, , program, list = ""]) =>
        [program, ...[...list.matchAll(TEXT)].map((each) => `'${each[2] ?? ""}'`)].join(" "),
    );
    for (const script of [...texts, ...lists, ...calls]) {
      const found = script.includes(" ") ? judgeScript(script) : null;
      if (found !== null) return found;
    }
  }
  if (!RUNS_SQL.test(code) || isOwnDatabase(code, cwd, context)) return null;
  for (const text of texts) {
    const found = judgeSql(text);
    if (found !== null) return found;
  }
  return null;
}

function judgeTarget(
  target: string,
  cwd: string,
  context: GateContext,
  isWhole: boolean,
): GateHit | null {
  if (context.isElsewhere) return null;
  const [only, more] = [...target.matchAll(TEXT)].map((match) => match[2] ?? "");
  const isPlain = only !== undefined && more === undefined;
  if (isPlain && only.startsWith("~"))
    return judgeRemoval(context.rules.home + only.slice(1), cwd, context);
  const isBare = /^\s*[rbfu]?(["'`]).*\1\s*$/s.test(target) && !/\$\{|^\s*f["']/.test(target);
  if (isPlain && isBare) return judgeRemoval(only, cwd, context);
  if (!isWhole || target.trim() === "") return null;
  return hit(
    "unseen-path",
    `What this code would delete (${target.trim().slice(0, 80)}) is known only when it runs.`,
  );
}

function isOwnDatabase(code: string, cwd: string, context: GateContext): boolean {
  const files = [...code.matchAll(OPENS_LITE)].map((match) => match[1] ?? "");
  if (files.length === 0 || !/sqlite|duckdb/i.test(code)) return false;
  return files.every(
    (file) =>
      file === ":memory:" || (!file.includes("://") && judgeRemoval(file, cwd, context) === null),
  );
}
