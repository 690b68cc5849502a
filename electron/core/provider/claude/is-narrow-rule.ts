/** Programs that run whatever they are given: a wildcard behind one of these allows everything. */
const CARRIERS = new Set(
  "sudo doas env xargs timeout nice nohup time command exec eval ssh setsid stdbuf watch npx bunx uvx".split(
    " ",
  ),
);
/** Programs that run a text of their arguments: with a script named they are as narrow as it is. */
const INTERPRETERS =
  /^(sh|bash|zsh|dash|ksh|fish|pwsh|node|deno|bun|tsx|perl|ruby|php|python[\d.]*)$/;
const FILE_TOOLS = new Set(["Read", "Edit", "MultiEdit", "Write", "NotebookEdit", "Glob", "Grep"]);

/**
 * Whether a permission rule of Claude Code, e.g. `Bash(npm test *)`, names what it allows: a program with its first words, files below the
 * worktree, one host. A whole tool, and a wildcard that any command or file meets, do not.
 */
export function isNarrowRule(rule: string): boolean {
  // The program takes a list in one argument too: what closes and goes on may be a second rule.
  const [, tool, about] = /^(\w+)\(([^()]*)\)$/.exec(rule.trim()) ?? [];
  if (tool === undefined || about === undefined) return false;
  if (tool === "Bash") return isNarrowCommand(about.replace(/:\*$/, " *"));
  if (FILE_TOOLS.has(tool))
    return /^(\.\/)?[\w.-]*\w[\w.-]*(\/|$)/.test(about) && !about.includes("..");
  return about.trim() !== "" && !about.includes("*");
}

function isNarrowCommand(command: string): boolean {
  const words = command.trim().split(/\s+/);
  const [program = "", first = ""] = words;
  if (program === "") return false;
  if (!command.includes("*")) return true;
  // A wildcard behind `&&` is another program.
  if (/[;&|`$<>\n]/.test(command) || /[*"'\\=]/.test(program)) return false;
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (CARRIERS.has(name)) return false;
  if (!INTERPRETERS.test(name)) return true;
  const script = name.startsWith("python") && first === "-m" ? (words[2] ?? "*") : first;
  return !script.startsWith("-") && !script.includes("*");
}
