import { z } from "zod";
import { Instant, SessionId } from "../model/ids.ts";
import type { Contract } from "./rpc.ts";

/**
 * Goes up with every change that an older or newer core could not live with; it is part of the socket's name.
 * 2: sessions ask at `/ask` and `/gate`; a host that serves neither would let every command by.
 */
export const HOST_PROTOCOL = 2;

const None = z.strictObject({});
const cols = z.number().int().min(2).max(1000);
const rows = z.number().int().min(1).max(1000);

export const HostExit = z.object({
  code: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** The system ended it for want of memory, as far as can be told; not said by older hosts. */
  isOutOfMemory: z.boolean().optional(),
  /** So many processes had come from it, more than it may have, when the host ended it for that; not said by older hosts. */
  tooManyProcesses: z.number().int().optional(),
  at: Instant,
});
export type HostExit = z.infer<typeof HostExit>;

/** A pseudo-terminal that the host owns, until its exit has been read and forgotten. */
export const HostSession = z.object({
  session: SessionId,
  pid: z.number().int().positive(),
  /** Start of the process in clock ticks since boot, so that a pid used again can be told apart; null where unknown. */
  startTicks: z.string().nullable(),
  startedAt: Instant,
  cols,
  rows,
  /** Bytes of output so far; the log on disk has every one of them. */
  offset: z.number().int().nonnegative(),
  /** The number of the newest signal taken in. */
  signalSeq: z.number().int().nonnegative(),
  exit: HostExit.nullable(),
});
export type HostSession = z.infer<typeof HostSession>;

export const SignalKind = z.enum(["hook", "status-line", "open-link"]);

/** Something a session's program told the host, journaled before it was answered. `seq` counts per session from 1. */
export const Signal = z.object({
  seq: z.number().int().positive(),
  at: Instant,
  kind: SignalKind,
  body: z.unknown(),
  /** How much its terminal had printed by then, and how large it was; not said by older hosts. */
  terminal: z
    .object({
      offset: z.number().int().nonnegative(),
      cols: z.number().int(),
      rows: z.number().int(),
    })
    .optional(),
});
export type Signal = z.infer<typeof Signal>;

/**
 * What a request is for. `mcp`: a JSON-RPC message to the session's tool server. `ask`, `gate`: a hook that its program holds open
 * for an answer; its body is journaled as a `hook` signal too, before the request is told, so that it is evidence like any other.
 */
export const RequestPurpose = z.enum(["mcp", "ask", "gate"]);
export type RequestPurpose = z.infer<typeof RequestPurpose>;

/** The terminal host's own small protocol. It changes rarely: sessions outlive the core that started them. */
export const hostContract = {
  calls: {
    hello: {
      in: None,
      out: z.object({
        protocol: z.number().int(),
        version: z.string(),
        pid: z.number().int(),
        startedAt: Instant,
        /** Sessions reach the host at `http://127.0.0.1:<port>/s/<token>/{hook,status-line,open-link,mcp,ask,gate}`. */
        port: z.number().int(),
      }),
    },
    list: { in: None, out: z.array(HostSession) },
    /** Refuses a missing folder and a file that cannot run with their own error codes, before anything is started. */
    spawn: {
      in: z.strictObject({
        session: SessionId,
        file: z.string(),
        args: z.array(z.string()),
        env: z.record(z.string(), z.string()),
        cwd: z.string(),
        cols,
        rows,
        /** The session's folder: output.log and signals.jsonl are appended there. */
        folder: z.string(),
        /** The secret part of the address at which this session's program reaches the host. */
        token: z.string().min(32),
      }),
      out: HostSession,
    },
    /** Opens a byte stream of terminal frames. It begins with a snapshot. */
    attach: {
      in: z.strictObject({ session: SessionId, isFocused: z.boolean() }),
      out: z.object({ stream: z.number().int() }),
    },
    focus: { in: z.strictObject({ stream: z.number().int(), isFocused: z.boolean() }), out: None },
    detach: { in: z.strictObject({ stream: z.number().int() }), out: None },
    /** Types into the terminal; base64, because text frames are JSON. */
    write: { in: z.strictObject({ session: SessionId, base64: z.string() }), out: None },
    resize: { in: z.strictObject({ session: SessionId, cols, rows }), out: None },
    /** A signal to the whole process group. */
    kill: {
      in: z.strictObject({
        session: SessionId,
        signal: z.enum(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"]),
      }),
      out: None,
    },
    /** From now on the session is ended at once when more processes than this live of it. Older hosts do not know this call. */
    limit: {
      in: z.strictObject({ session: SessionId, processes: z.number().int().positive() }),
      out: None,
    },
    /**
     * SIGTERM, then after `graceMs` SIGKILL to the group and to whatever came from the session, however far it strayed. Answers when
     * it is gone; `survivors` are the pids of strays that do not end (not said by older hosts).
     */
    stop: {
      in: z.strictObject({ session: SessionId, graceMs: z.number().int().nonnegative() }),
      out: HostExit.extend({ survivors: z.array(z.number().int()).optional() }),
    },
    /** Raw bytes of the log from `from` on, at most `maxBytes`; `end` is the log's length now. */
    read: {
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
    /** The screen as plain text, for reading a pane without opening it. */
    text: {
      in: z.strictObject({ session: SessionId, lines: z.number().int().positive().max(5000) }),
      out: z.object({ lines: z.array(z.string()) }),
    },
    /** Signals above `since`, oldest first. Of many only the next ones come: ask on from the last until none does. */
    signals: {
      in: z.strictObject({ session: SessionId, since: z.number().int().nonnegative() }),
      out: z.array(Signal),
    },
    /**
     * Answers a `request` event. A request that nobody answers is handed over again to the next core; an answer to one that is
     * answered or dropped changes nothing, and `isTaken` is false.
     */
    answer: {
      in: z.strictObject({ request: z.string(), status: z.number().int(), body: z.string() }),
      out: z.object({ isTaken: z.boolean() }),
    },
    /** The names of the requests that wait for an answer. */
    held: { in: None, out: z.array(z.string()) },
    /** Drops an ended session from the list; its files stay. */
    forget: { in: z.strictObject({ session: SessionId }), out: None },
    /** Ends the host; refused while a session lives. */
    shutdown: { in: None, out: None },
  },
  events: {
    exited: z.object({ session: SessionId, exit: HostExit }),
    signal: z.object({ session: SessionId, signal: Signal }),
    /** A message that waits for its answer. `body` is JSON text. */
    request: z.object({
      request: z.string(),
      session: SessionId,
      purpose: RequestPurpose,
      body: z.string(),
      /** When it came; a core may hear of it much later. */
      at: Instant,
    }),
    /** Whoever made the request waits for no answer any more. */
    dropped: z.object({ request: z.string(), session: SessionId }),
  },
} as const satisfies Contract;
export type HostContract = typeof hostContract;
