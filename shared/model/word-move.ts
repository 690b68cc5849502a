import type { Moves } from "./profile.ts";
import type { Session } from "./session.ts";
import { unreachable } from "./unreachable.ts";

export const MOVES_WORDS: Readonly<Record<Moves, string>> = {
  none: "stay",
  out: "may move away from it",
  in: "may move to it",
  both: "may move away from it and to it",
};

/** What a person is told wherever this is switched on, a sentence each. */
export const MOVES_EXPLAINED: readonly string[] = [
  "When a profile's usage window is used up, or it has to be signed in again, the conversations that wait for it go on at another profile with room.",
  "One must let them out, the other must let them in.",
  "The record of the conversation is copied into the other profile's folder, and nothing else: no login, no settings, no hooks.",
  "The other account's provider sees the whole conversation, and its first turn reads all of it again at full price.",
  "If the other profile does not answer, the conversation goes back and waits.",
  "Keeping to the terms of your plans is up to you.",
];

/** How the reason of a session begins that was stopped to go on at another profile, which did not take its conversation. */
export const LEFT_HERE = "its conversation stays here: ";

/** It waits for a limit, with its process or without, and a person may move its conversation. */
export function isMovable({
  state,
  reason,
  movedFrom,
}: Pick<Session, "state" | "reason" | "movedFrom">): boolean {
  if (state === "limited") return movedFrom?.step !== "trying";
  return state === "stopped" && (reason?.startsWith(LEFT_HERE) ?? false);
}

/** Where its conversation came from; null when from nowhere else. */
export function wordMovedFrom({
  movedFrom,
  profile,
}: Pick<Session, "movedFrom" | "profile">): string | null {
  if (!movedFrom) return null;
  const from = `${movedFrom.profile} (${movedFrom.session})`;
  switch (movedFrom.step) {
    case "trying":
      return `from ${from}; ${profile} has not answered yet`;
    case "moved":
      return `from ${from}`;
    case "undone":
      return `from ${from}, and back: ${profile} did not answer`;
    default:
      return unreachable(movedFrom.step);
  }
}
