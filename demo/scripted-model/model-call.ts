import type { Role } from "./plan-answer.ts";

/** One call of the scripted model, as its log keeps it, one JSON object a line. */
export interface ModelCall {
  /** When it came, ISO 8601. */
  readonly t: string;
  readonly seq: number;
  /** `other`: a request that is not for a message. */
  readonly role: Role | "other";
  /** The conversation's id, or "none". */
  readonly session: string;
  /** The last six characters of the credential. */
  readonly tail: string;
  /** The scenario's name for the owner of that credential. */
  readonly profile: string | null;
  readonly model: string;
  /** Which answer of the script was given, from 0. */
  readonly step: number | null;
  /** The kinds of the steps it played, joined with "+", or the path of another request. */
  readonly kind: string;
  /** The status sent; `hang` and `cut` where no answer was completed, `gone` where the client left first. */
  readonly status: number | "hang" | "cut" | "gone";
  /** Calls under way when this one came, itself included. */
  readonly live: number;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
}

const TAIL_CHARS = 6;

/** The only part of a credential that is ever kept. */
export function tokenTail(token: string): string {
  return token.slice(-TAIL_CHARS);
}
