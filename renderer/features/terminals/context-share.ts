import type { Session } from "../../../shared/model/session.ts";
import type { Tone } from "../../ui/tone.ts";

/** Where a worker is asked to hand over unless its project says otherwise: product.md, chapter 4. */
const HANDOFF_TOKENS = 140_000;
const HANDOFF_SHARE = 0.7;
/** The way to that point at which the number begins to warn. */
const NEAR = 0.85;

/** How full a session's context is, in percent of its window, and how near that is to a handoff. */
export function contextShare({ tokens, window }: NonNullable<Session["context"]>): {
  readonly percent: number;
  readonly tone: Tone;
} {
  const handoffAt = Math.min(HANDOFF_TOKENS, window * HANDOFF_SHARE);
  const tone = tokens >= handoffAt ? "bad" : tokens >= handoffAt * NEAR ? "warn" : "busy";
  return { percent: Math.round((tokens / window) * 100), tone };
}
