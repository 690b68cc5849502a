import path from "node:path";
import { findUnseen, type Scope, UNSEEN } from "./expand-word.ts";

export function copyScope(scope: Scope): Scope {
  return { ...scope, variables: new Map(scope.variables) };
}

/**
 * Makes `scope` what may hold after one of these branches ran: a variable has every value that one of them leaves it. With
 * `set-before` only those count that the first of them has too.
 */
export function mergeScopes(
  scope: Scope,
  branches: readonly Scope[],
  which: "all" | "set-before" = "all",
): void {
  const from = which === "all" ? branches : branches.slice(0, 1);
  const names = new Set(from.flatMap(({ variables }) => [...variables.keys()]));
  for (const name of names) {
    const values = branches.flatMap(({ variables, env }) => {
      const own = variables.get(name);
      // A branch that does not set it leaves what was there, or nothing.
      return own ?? [env[name] || UNSEEN];
    });
    scope.variables.set(name, [...new Set(values)]);
  }
  const places = branches.map(({ cwd }) => cwd);
  // The worst of the folders: what is harmless there is so in the others.
  scope.cwd =
    places.find((each) => findUnseen(each) >= 0) ??
    places.find((each) => isOutside(each, scope.worktree)) ??
    places[0] ??
    scope.cwd;
}

function isOutside(folder: string, worktree: string): boolean {
  return path.relative(worktree, folder).startsWith("..");
}
