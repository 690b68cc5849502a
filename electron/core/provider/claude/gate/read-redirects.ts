import type { HereDoc, HereString, Redirection } from "unbash";
import { expandWord, type ReadOutput, type Scope } from "./expand-word.ts";

/** Files that a command's output goes to. */
export function readWrites(
  redirects: readonly Redirection[],
  scope: Scope,
  output: ReadOutput,
): readonly string[] {
  return redirects.flatMap((each) => {
    if (each.type !== "Redirect" || !each.target || !each.operator.includes(">")) return [];
    if (each.operator === ">&" && /^(\d+|-)$/.test(each.target.value)) return [];
    return expandWord(each.target, scope, output);
  });
}

/** Text that stands in the script for its standard input. */
export function readInput(redirects: readonly Redirection[]): string | null {
  const given = redirects.find(
    (each): each is HereDoc | HereString => each.type === "HereDoc" || each.type === "HereString",
  );
  if (given === undefined) return null;
  return given.type === "HereDoc" ? given.body.text : (given.target?.value ?? "");
}
