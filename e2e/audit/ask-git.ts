import { spawnSync } from "node:child_process";

/** More than any list of files or commits that a test makes. */
const OUTPUT_MAX_BYTES = 512 * 1024 * 1024;

/** What git prints, for an auditor that only looks. Null: it ended with another exit code than 0. */
export function tryGit(cwd: string, ...args: readonly string[]): string | null {
  const ended = spawnSync("git", ["-c", "core.quotePath=false", ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: OUTPUT_MAX_BYTES,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
  });
  if (ended.error) throw new Error(`git ${args.join(" ")} in ${cwd}`, { cause: ended.error });
  return ended.status === 0 ? ended.stdout : null;
}

export function askGit(cwd: string, ...args: readonly string[]): string {
  const said = tryGit(cwd, ...args);
  if (said === null) throw new Error(`git ${args.join(" ")} failed in ${cwd}`);
  return said;
}

export function linesOf(text: string): readonly string[] {
  return text.split("\n").filter(Boolean);
}

export function zeroEnded(text: string): readonly string[] {
  return text.split("\0").filter(Boolean);
}

export function isAncestor(cwd: string, older: string, newer: string): boolean {
  return tryGit(cwd, "merge-base", "--is-ancestor", older, newer) !== null;
}

export function shorten(oid: string): string {
  return oid.slice(0, 12);
}
