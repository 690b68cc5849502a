import { execFileSync } from "node:child_process";

/** Runs git in `folder` and gives its output. Variables like GIT_DIR stay out: they would lead it to another repository. */
export function runGit(folder: string, ...args: readonly string[]): string {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(inherited), GIT_TERMINAL_PROMPT: "0" };
  return execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: "pipe" }).trim();
}
