import path from "node:path";
import { findUnseen, type Scope, UNSEEN } from "./expand-word.ts";

/** Where the commands after a `cd`, `pushd` or `popd` run. A pattern stays one: whatever it finds is below what stands before it. */
export function followFolder(name: string, args: readonly string[], scope: Scope): void {
  if (name === "popd") scope.cwd = UNSEEN;
  if (name !== "cd" && name !== "pushd") return;
  const target = args.find((arg) => !arg.startsWith("-") || arg === "-") ?? scope.home;
  if (findUnseen(target) >= 0 || target === "-") scope.cwd = UNSEEN;
  else if (path.isAbsolute(target) || findUnseen(scope.cwd) < 0)
    scope.cwd = path.resolve(scope.cwd, target);
}
