import type { Session } from "../../../shared/model/session.ts";
import type { Tone } from "../../ui/tone.ts";

/** The way to the point at which a session is asked to hand over from which on the number begins to warn. */
const NEAR = 0.85;

/** How full a session's context is, in percent of its window, and how near that is to a handoff. */
export function contextShare({ tokens, window, handoffAt }: NonNullable<Session["context"]>): {
  readonly percent: number;
  readonly tone: Tone;
} {
  return { percent: Math.round((tokens / window) * 100), tone: toneOf(tokens, handoffAt ?? null) };
}

function toneOf(tokens: number, handoffAt: number | null): Tone {
  if (handoffAt === null) return "busy";
  return tokens >= handoffAt ? "bad" : tokens >= handoffAt * NEAR ? "warn" : "busy";
}
