import childProcess from "node:child_process";
import fs from "node:fs";
import fsPromises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import type { Store } from "../../../electron/core/store/store.ts";

/**
 * Calls `onEffect` right before everything by which this process changes what a crash leaves behind: each program it starts, each file
 * it writes, syncs, renames or removes; and right after each transaction of the store. Between two of these nothing that an await
 * could be cut off in differs on the disk, so a kill at each of them is a kill at every await.
 */
export function countEffects(store: Store, onEffect: (what: string) => void): void {
  intercept(childProcess, "spawn", (_file, args) => onEffect(nameProgram(args)));
  for (const name of ["writeFile", "appendFile", "rm", "rename", "mkdir", "chmod"] as const) {
    intercept(fsPromises, name, (file) => onEffect(`${name} ${String(file)}`));
  }
  for (const name of ["fsyncSync", "writeFileSync", "renameSync", "rmSync", "mkdirSync"] as const) {
    intercept(fs, name, (file) => onEffect(`${name} ${String(file)}`));
  }
  syncBuiltinESMExports();
  const write = store.write;
  let depth = 0;
  store.write = (cause, work) => {
    depth += 1;
    try {
      return write(cause, work);
    } finally {
      depth -= 1;
      if (depth === 0) onEffect("commit");
    }
  };
}

/** Of git's own programs those that only look: a kill after one finds the disk as a kill before it does. */
const LOOKS =
  /^git (-c \S+ )*(rev-parse|show-ref|merge-base|cat-file|diff-tree|diff-index|ls-tree|ls-files|status|rev-list|for-each-ref|log|symbolic-ref --quiet|worktree list|config --type|var|check-ref-format)\b/;

export function isLook(effect: string): boolean {
  return LOOKS.test(effect);
}

function intercept<K extends string>(
  // Every function of these modules; what it takes and gives is passed on unseen.
  module: { [name in K]: (...args: never[]) => unknown },
  name: K,
  before: (...args: readonly unknown[]) => void,
): void {
  const real = module[name];
  const counted = (...args: never[]) => {
    before(...args);
    return real(...args);
  };
  module[name] = Object.assign(counted, real);
}

/** git's own words, without the settings that each of ours is given. */
function nameProgram(args: unknown): string {
  const words = Array.isArray(args) ? args.map(String) : [];
  const at = words.indexOf("--no-pager");
  return at === -1 ? `run ${words.join(" ")}` : `git ${words.slice(at + 1).join(" ")}`;
}
