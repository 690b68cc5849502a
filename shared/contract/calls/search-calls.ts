import { z } from "zod";
import { SessionId } from "../../model/ids.ts";
import { TerminalMoment } from "../../model/terminal-moment.ts";
import { SearchAnswer, Transcript } from "../../model/transcript.ts";
import type { Contract } from "../rpc.ts";
import { projectRef } from "./shapes.ts";

/** Reading what was shown and said, of one session or all. */
export const searchCalls = {
  /**
   * Finds text in all terminals and conversations, whatever its case. A connection searches for one thing at a time: a new search
   * ends the one before it, which is then refused (`wrong-state`).
   */
  "search.find": {
    in: z.strictObject({
      text: z.string().min(1).max(200),
      project: projectRef.optional(),
      session: SessionId.optional(),
    }),
    out: SearchAnswer,
  },
  /** What was said in a session's conversation: `lines` lines of its record from `from` on, or the last ones. */
  "session.transcript": {
    in: z.strictObject({
      session: SessionId,
      from: z.number().int().positive().optional(),
      lines: z.number().int().positive().max(1000),
    }),
    out: Transcript,
  },
  /** The last thing that a session's worker itself has written; refused (`not-found`) while it has written nothing. */
  "session.answer": {
    in: z.strictObject({ session: SessionId }),
    out: z.object({ text: z.string() }),
  },
  /**
   * Moments of a session's terminal in the order they came, as far as its host has noted them: with each, how many bytes of its log
   * there were.
   */
  "session.moments": {
    in: z.strictObject({ session: SessionId }),
    out: z.object({ moments: z.array(TerminalMoment) }),
  },
  /** Which of these names, as a terminal shows them, are files for a session; others are left out. */
  "session.files": {
    in: z.strictObject({
      session: SessionId,
      names: z.array(z.string().min(1).max(1024)).max(40),
    }),
    out: z.object({
      files: z.array(
        z.object({
          name: z.string(),
          /** Absolute, symbolic links resolved. */
          place: z.string(),
          /** Whether it lies in the session's worktree. */
          isInside: z.boolean(),
        }),
      ),
    }),
  },
  /** Opens one of them in the person's editor. One outside of the worktree is refused (`wrong-state`) unless that `isSure`. */
  "session.open-file": {
    in: z.strictObject({
      session: SessionId,
      name: z.string().min(1).max(1024),
      line: z.number().int().positive().nullable(),
      column: z.number().int().positive().nullable(),
      isSure: z.boolean(),
    }),
    out: z.object({ editor: z.string(), place: z.string() }),
  },
} as const satisfies Contract["calls"];
