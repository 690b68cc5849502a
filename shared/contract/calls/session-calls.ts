import { z } from "zod";
import { Approval, Ask, AskAnswer } from "../../model/ask.ts";
import { AskId, ProfileName, SessionId } from "../../model/ids.ts";
import { InboxItem } from "../../model/inbox.ts";
import { Session } from "../../model/session.ts";
import type { Contract } from "../rpc.ts";
import { None, projectRef } from "./shapes.ts";

const cols = z.number().int().min(2).max(1000);
const rows = z.number().int().min(1).max(1000);

/** Sessions, their terminals, and what waits for the person. */
export const sessionCalls = {
  "session.list": {
    in: z.strictObject({ project: projectRef.optional() }),
    out: z.array(Session),
  },
  "session.show": { in: z.strictObject({ session: SessionId }), out: Session },
  "session.log": {
    in: z.strictObject({
      session: SessionId,
      from: z.number().int().nonnegative(),
      maxBytes: z
        .number()
        .int()
        .positive()
        .max(1 << 20),
    }),
    out: z.object({ base64: z.string(), end: z.number().int() }),
  },
  /** The last lines of its screen, as text. */
  "session.peek": {
    in: z.strictObject({ session: SessionId, lines: z.number().int().positive().max(1000) }),
    out: z.object({ lines: z.array(z.string()) }),
  },
  /**
   * Pastes a message and sends it; answers once the provider has confirmed it, refuses while a dialog is open. An ended session
   * goes on with it in a new one, which is the `session` of the answer.
   */
  "session.send": {
    in: z.strictObject({ session: SessionId, text: z.string().min(1).max(100_000) }),
    out: z.object({ session: SessionId, isDelivered: z.boolean() }),
  },
  "session.interrupt": { in: z.strictObject({ session: SessionId }), out: Session },
  "session.stop": { in: z.strictObject({ session: SessionId }), out: Session },
  /** Starts a new session that continues the conversation of an ended one. */
  "session.respawn": { in: z.strictObject({ session: SessionId }), out: Session },
  /**
   * Lets the conversation of a session that waits for a limit go on at another profile; both must allow it. Answers with the
   * session that goes on with it there. Until that was answered it is a try, and goes back if it is not.
   */
  "session.move": {
    in: z.strictObject({ session: SessionId, profile: ProfileName }),
    out: Session,
  },
  "session.pin": {
    in: z.strictObject({ session: SessionId, isPinned: z.boolean() }),
    out: Session,
  },
  "session.name": {
    in: z.strictObject({ session: SessionId, name: z.string().min(1).max(80) }),
    out: Session,
  },
  "session.label": {
    in: z.strictObject({
      session: SessionId,
      labels: z.array(z.string().min(1).max(60)).max(20),
    }),
    out: Session,
  },
  /** Stops it if it lives and continues its conversation in a new session. */
  "session.restart": { in: z.strictObject({ session: SessionId }), out: Session },
  /** Everything that waits for the person, the oldest first. */
  "inbox.list": {
    in: z.strictObject({ project: projectRef.optional() }),
    out: z.array(InboxItem),
  },
  /** Refused (`wrong-state`) when somebody else has answered it. */
  "ask.answer": { in: z.strictObject({ ask: AskId, answer: AskAnswer }), out: Ask },
  "approval.list": {
    in: z.strictObject({ project: projectRef.optional() }),
    out: z.array(Approval),
  },
  "approval.remove": { in: z.strictObject({ approval: z.number().int().positive() }), out: None },
  /** Opens a byte stream of terminal frames (see terminal-frame.ts), beginning with a snapshot. */
  "terminal.attach": {
    in: z.strictObject({ session: SessionId, isFocused: z.boolean() }),
    out: z.object({ stream: z.number().int() }),
  },
  "terminal.focus": {
    in: z.strictObject({ stream: z.number().int(), isFocused: z.boolean() }),
    out: None,
  },
  "terminal.detach": { in: z.strictObject({ stream: z.number().int() }), out: None },
  "terminal.resize": { in: z.strictObject({ session: SessionId, cols, rows }), out: None },
} as const satisfies Contract["calls"];
