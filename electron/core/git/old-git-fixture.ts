import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** git 2.34 knows neither, and says so as it does of any option that it does not know. */
const UNKNOWN = `
case " $* " in
  *" merge-tree -h "*) echo "usage: git merge-tree <base-tree> <branch1> <branch2>"; exit 129 ;;
  *" merge-tree "*"--write-tree"*) echo "usage: git merge-tree <base-tree> <branch1> <branch2>" >&2; exit 129 ;;
  *" worktree list "*" -z "*) echo "error: unknown switch \\\`z'" >&2; exit 129 ;;
  *"=zdiff3"*) echo "fatal: unknown style 'zdiff3' given for 'merge.conflictstyle'" >&2; exit 128 ;;
esac`;

/** For tests only: until it is disposed the git that is found is one that refuses what older ones do not know. */
export function putOldGit(folder: string, version = "2.34.1"): Disposable {
  const before = process.env.PATH ?? "";
  const place = join(folder, "old-git");
  mkdirSync(place, { recursive: true });
  const told = `case " $* " in *" version "*) echo "git version ${version}"; exit 0 ;; esac`;
  const next = `PATH='${before.replaceAll("'", "'\\''")}' exec git "$@"`;
  writeFileSync(join(place, "git"), ["#!/bin/sh", UNKNOWN, told, next, ""].join("\n"));
  chmodSync(join(place, "git"), 0o755);
  process.env.PATH = `${place}${delimiter}${before}`;
  return {
    [Symbol.dispose]() {
      process.env.PATH = before;
    },
  };
}
