import type { PushState } from "./push-state.ts";

/** How far landings are pushed, in sentences; with the way out where they are not. */
export function describePush(push: PushState | null | undefined): string {
  if (!push) return "Nothing has landed that could be pushed.";
  const { remote, problem, underWay, pushed } = push;
  if (problem) return `Not pushed to ${remote}: ${problem.text}\n${problem.hint}`;
  if (underWay) return `Pushing to ${remote}.`;
  return pushed
    ? `All that has landed is on ${remote}.`
    : "Nothing has landed that could be pushed.";
}
