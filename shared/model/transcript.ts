import { z } from "zod";
import { Instant, SessionId } from "./ids.ts";

/** Who said it: the person (or whoever spoke for them), the worker's model, or a tool with what it was called with or gave back. */
export const Speaker = z.enum(["you", "worker", "tool"]);
export type Speaker = z.infer<typeof Speaker>;

/** One thing that was said in a conversation. */
export const TranscriptEntry = z.object({
  /** Its place in the record, counted from 1; not every line of a record is an entry. */
  line: z.number().int().positive(),
  at: Instant.nullable(),
  who: Speaker,
  text: z.string(),
  /** The text is only the beginning of what was said. */
  isCut: z.boolean(),
});
export type TranscriptEntry = z.infer<typeof TranscriptEntry>;

/** A part of what was said in a session's conversation. */
export const Transcript = z.object({
  session: SessionId,
  entries: z.array(TranscriptEntry),
  /** The first line of the record that was looked at. */
  from: z.number().int().positive(),
  /** How many lines the record has. */
  end: z.number().int().nonnegative(),
});
export type Transcript = z.infer<typeof Transcript>;

/** A place where searched text stands. */
export const SearchHit = z.object({
  /** `terminal`: what its terminal shows, or has shown; `transcript`: what was said. */
  where: z.enum(["terminal", "transcript"]),
  /** Counted from 1, in the record or from the first line that is kept of the terminal. */
  line: z.number().int().positive(),
  at: Instant.nullable(),
  who: Speaker.nullable(),
  /** The text around it, on one line. */
  text: z.string(),
  /** Where in `text` it begins, and how long it is there. */
  from: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
});
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchAnswer = z.object({
  /** The newest session first; those of one conversation are found in the newest of them. */
  found: z.array(
    z.object({
      session: SessionId,
      hits: z.array(SearchHit),
      /** How many more there are in it, beyond those that are told. */
      more: z.number().int().nonnegative(),
    }),
  ),
  /** How many sessions were looked through. */
  searched: z.number().int().nonnegative(),
  /** There were so many hits that older sessions were left out. */
  isCut: z.boolean(),
});
export type SearchAnswer = z.infer<typeof SearchAnswer>;
