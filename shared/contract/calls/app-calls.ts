import { z } from "zod";
import { BuildLock, LockRequest } from "../../model/build-lock.ts";
import { Event } from "../../model/event.ts";
import { Finding } from "../../model/finding.ts";
import { Fleet } from "../../model/fleet.ts";
import { Status } from "../../model/status.ts";
import { Snapshot } from "../rows.ts";
import type { Contract } from "../rpc.ts";
import { None, projectRef } from "./shapes.ts";

/** The app as a whole: what it is, what changes, everything stopped at once, build slots. */
export const appCalls = {
  "app.info": {
    in: None,
    out: z.object({
      version: z.string(),
      pid: z.number().int(),
      shell: z.enum(["desktop", "web", "offline"]),
      home: z.string(),
      startedAt: z.string(),
      /** Milliseconds from start to first answer. */
      bootMs: z.number(),
    }),
  },
  "app.status": { in: z.strictObject({ project: projectRef.optional() }), out: Status },
  /**
   * The rows as they are; `changed` follows on this connection from `seq` on, without a gap or a repeat. `health` and `locks` come
   * at once and with every change.
   */
  "app.watch": { in: None, out: Snapshot },
  "app.events": {
    in: z.strictObject({
      since: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(5000).optional(),
      subject: z.string().optional(),
    }),
    out: z.array(Event),
  },
  "app.doctor": { in: None, out: z.array(Finding) },
  "app.stop": { in: z.strictObject({ keepSessions: z.boolean() }), out: None },
  "app.backup": {
    in: z.strictObject({ file: z.string() }),
    out: z.object({ file: z.string(), bytes: z.number() }),
  },
  /** A fresh one-time link to the window in a browser; null in a shell that serves none. */
  "app.link": { in: None, out: z.object({ url: z.string().nullable() }) },
  /** Ends every session, hands out nothing more and lands nothing until `fleet.resume`; answers when all are gone. */
  "fleet.halt": { in: z.strictObject({ reason: z.string().max(500).optional() }), out: Fleet },
  /** `atRest`: how many sessions waited for the person when they were stopped, and go on at a message only. */
  "fleet.resume": {
    in: None,
    out: Fleet.extend({ wasHalted: z.boolean(), atRest: z.number().int() }),
  },
  /**
   * Answers when the process may run its command; its claim ends with `lock.leave`, or with the process itself. One that has lost
   * its connection says so on its next one: `isRunning`, or it goes on waiting. `inside`: the ticket that its caller runs under; where that holds a slot of
   * the same lock the command runs in it, and the answer names it.
   */
  "lock.take": {
    in: z.strictObject({
      ...LockRequest.shape,
      isRunning: z.boolean(),
      inside: LockRequest.shape.ticket.nullable(),
    }),
    out: z.object({ ticket: LockRequest.shape.ticket }),
  },
  "lock.leave": { in: z.strictObject({ ticket: LockRequest.shape.ticket }), out: None },
  "lock.list": { in: None, out: z.array(BuildLock) },
} as const satisfies Contract["calls"];
