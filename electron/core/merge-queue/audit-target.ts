import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * For tests only: clones a repository and runs `check` on every commit that its branch `main` ever pointed at, by its reflog; gives
 * those on which it fails, and the entries that the first parents of `main` name, oldest first. It knows git and nothing of the queue.
 */
export function auditTarget(
  root: string,
  folder: string,
  check: string,
): { readonly red: readonly string[]; readonly landed: readonly string[] } {
  const git = (cwd: string, ...args: readonly string[]) =>
    execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const lines = (text: string) => text.split("\n").filter(Boolean);
  const clone = mkdtempSync(join(folder, "audit-"));
  try {
    git(folder, "clone", "-q", "--no-hardlinks", root, clone);
    const values = lines(
      git(root, "log", "--walk-reflogs", "--format=%H", "refs/heads/main", "--"),
    );
    const red = [...new Set(values)].filter((oid) => {
      git(clone, "fetch", "-q", "origin", oid);
      git(clone, "checkout", "-q", "--force", "--detach", oid);
      return spawnSync("sh", ["-c", check], { cwd: clone, stdio: "ignore" }).status !== 0;
    });
    const format = "--format=%(trailers:key=Switchyard-Entry,valueonly)";
    const log = git(root, "log", "--first-parent", "--reverse", format, "refs/heads/main", "--");
    return { red, landed: lines(log) };
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}
