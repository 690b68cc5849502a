import { z } from "zod";
import {
  ErrorShape,
  fromErrorShape,
  SwitchyardError,
  toErrorShape,
} from "../model/switchyard-error.ts";
import type { Wire } from "./wire.ts";

/** What two sides agree on: named calls with their input and output, and named events from the serving side. */
export interface Contract {
  readonly calls: Readonly<Record<string, { readonly in: z.ZodType; readonly out: z.ZodType }>>;
  readonly events: Readonly<Record<string, z.ZodType>>;
}

export type CallName<C extends Contract> = keyof C["calls"] & string;
export type EventName<C extends Contract> = keyof C["events"] & string;
export type Input<C extends Contract, N extends CallName<C>> = z.input<C["calls"][N]["in"]>;
export type Parsed<C extends Contract, N extends CallName<C>> = z.output<C["calls"][N]["in"]>;
export type Output<C extends Contract, N extends CallName<C>> = z.output<C["calls"][N]["out"]>;
export type Payload<C extends Contract, N extends EventName<C>> = z.output<C["events"][N]>;

export type Handlers<C extends Contract> = {
  readonly [N in CallName<C>]: (
    input: Parsed<C, N>,
    peer: Peer<C>,
  ) => Promise<Output<C, N>> | Output<C, N>;
};

/** A two-way run of bytes beside the calls, e.g. one terminal in one window. */
export interface ByteStream {
  readonly id: number;
  send(bytes: Uint8Array): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** The other side has taken in everything up to this count; what is counted is up to the two sides. */
  onAck(listener: (count: number) => void): void;
  close(): void;
}

/** One connected client, as the serving side sees it. */
export interface Peer<C extends Contract> {
  /** Called once when the connection is gone, also when it was gone before the listener came. */
  onClose(listener: () => void): void;
  emit<N extends EventName<C>>(name: N, payload: Payload<C, N>): void;
  openStream(): ByteStream;
  closeStream(id: number): void;
}

const Frame = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("call"),
    id: z.number().int(),
    name: z.string().max(64),
    input: z.unknown(),
  }),
  z.object({ t: z.literal("ok"), id: z.number().int(), output: z.unknown() }),
  z.object({ t: z.literal("err"), id: z.number().int(), error: ErrorShape }),
  z.object({ t: z.literal("ev"), name: z.string(), payload: z.unknown() }),
  z.object({ t: z.literal("ack"), stream: z.number().int(), count: z.number().nonnegative() }),
]);
type Frame = z.infer<typeof Frame>;

const STREAM_HEADER_BYTES = 4;

function packStream(stream: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(STREAM_HEADER_BYTES + bytes.length);
  new DataView(frame.buffer).setUint32(0, stream);
  frame.set(bytes, STREAM_HEADER_BYTES);
  return frame;
}

function unpackStream(frame: Uint8Array): { stream: number; bytes: Uint8Array } {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return { stream: view.getUint32(0), bytes: frame.subarray(STREAM_HEADER_BYTES) };
}

/**
 * Serves `contract` to whoever is at the other end of `wire`. Inputs and outputs are both checked, so a shell can neither
 * pass on nor leak anything else. A peer that sends a malformed frame is dropped.
 */
export function serveWire<C extends Contract>(
  contract: C,
  wire: Wire,
  handlers: Handlers<C>,
): Peer<C> {
  const byteListeners = new Map<number, (bytes: Uint8Array) => void>();
  const ackListeners = new Map<number, (count: number) => void>();
  let lastStream = 0;
  const post = (frame: Frame) => wire.send(JSON.stringify(frame));

  const peer: Peer<C> = {
    onClose: (listener) => wire.onClose(listener),
    emit(name, payload) {
      // Parsing also drops every key that is not part of the contract.
      post({ t: "ev", name, payload: contract.events[name]?.parse(payload) });
    },
    openStream() {
      const id = ++lastStream;
      return {
        id,
        send: (bytes) => wire.send(packStream(id, bytes)),
        onBytes: (listener) => void byteListeners.set(id, listener),
        onAck: (listener) => void ackListeners.set(id, listener),
        close: () => peer.closeStream(id),
      };
    },
    closeStream(id) {
      byteListeners.delete(id);
      ackListeners.delete(id);
    },
  };

  const answer = async (id: number, name: string, rawInput: unknown) => {
    try {
      const call = Object.hasOwn(contract.calls, name) ? contract.calls[name] : undefined;
      if (!call) throw new SwitchyardError("bad-input", `There is no call named ${name}.`);
      const input = call.in.safeParse(rawInput);
      if (!input.success) throw new SwitchyardError("bad-input", describeIssues(input.error), null);
      // `name` is a key of `contract.calls`, which `handlers` covers one to one, and the input has just been parsed for it.
      const handler = handlers[name as CallName<C>] as (input: unknown, peer: Peer<C>) => unknown;
      post({ t: "ok", id, output: call.out.parse(await handler(input.data, peer)) });
    } catch (error) {
      post({ t: "err", id, error: toErrorShape(error) });
    }
  };

  wire.onFrame((data) => {
    if (typeof data !== "string") {
      if (data.byteLength < STREAM_HEADER_BYTES) return wire.close();
      const { stream, bytes } = unpackStream(data);
      return byteListeners.get(stream)?.(bytes);
    }
    const frame = parseFrame(data);
    if (!frame) return wire.close();
    if (frame.t === "ack") return ackListeners.get(frame.stream)?.(frame.count);
    if (frame.t === "call") void answer(frame.id, frame.name, frame.input);
  });
  return peer;
}

/** The calling side. Calls reject with a `SwitchyardError` that reads as it was thrown on the other side. */
export interface Client<C extends Contract> {
  call<N extends CallName<C>>(name: N, input: Input<C, N>): Promise<Output<C, N>>;
  /** Returns the way to stop listening. */
  on<N extends EventName<C>>(name: N, listener: (payload: Payload<C, N>) => void): () => void;
  /** Bytes that came before anyone listened are handed over first. Returns the way to stop listening. */
  onStream(stream: number, listener: (bytes: Uint8Array) => void): () => void;
  sendStream(stream: number, bytes: Uint8Array): void;
  ack(stream: number, count: number): void;
  /** Called once, also when the wire was closed before. Returns the way to stop listening. */
  onClose(listener: () => void): () => void;
  close(): void;
}

export function createClient<C extends Contract>(contract: C, wire: Wire): Client<C> {
  let lastId = 0;
  const pending = new Map<
    number,
    { name: string; resolve(output: unknown): void; reject(error: Error): void }
  >();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const streams = new Map<number, (bytes: Uint8Array) => void>();
  const early = new Map<number, Uint8Array[]>();
  const closeListeners = new Set<() => void>();
  let isClosed = false;
  const connectionLost = () =>
    new SwitchyardError(
      "needs-app",
      "The connection to Switchyard is closed.",
      "Start it, then try again.",
    );

  wire.onClose(() => {
    isClosed = true;
    for (const call of pending.values()) call.reject(connectionLost());
    pending.clear();
    for (const listener of closeListeners) listener();
    closeListeners.clear();
  });
  wire.onFrame((data) => {
    if (typeof data !== "string") {
      const { stream, bytes } = unpackStream(data);
      const listener = streams.get(stream);
      if (listener) listener(bytes);
      else early.set(stream, [...(early.get(stream) ?? []), bytes]);
      return;
    }
    const frame = parseFrame(data);
    if (!frame) return wire.close();
    if (frame.t === "ev") {
      const schema = contract.events[frame.name];
      if (!schema) return;
      const payload = schema.parse(frame.payload);
      for (const listener of listeners.get(frame.name) ?? []) listener(payload);
    } else if (frame.t === "ok" || frame.t === "err") {
      const call = pending.get(frame.id);
      pending.delete(frame.id);
      if (!call) return;
      if (frame.t === "err") return call.reject(fromErrorShape(frame.error));
      const output = contract.calls[call.name]?.out.safeParse(frame.output);
      if (output?.success) call.resolve(output.data);
      else
        call.reject(
          new SwitchyardError(
            "internal",
            `The answer to ${call.name} has the wrong shape.`,
            null,
            output?.error,
          ),
        );
    }
  });

  return {
    call(name, input) {
      if (isClosed) return Promise.reject(connectionLost());
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        // What resolves has been parsed by this call's own output schema.
        pending.set(id, { name, resolve: resolve as (output: unknown) => void, reject });
        wire.send(JSON.stringify({ t: "call", id, name, input } satisfies Frame));
      });
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      // Payloads are parsed by this event's own schema before they reach a listener.
      const untyped = listener as (payload: unknown) => void;
      set.add(untyped);
      return () => void set.delete(untyped);
    },
    onStream(stream, listener) {
      streams.set(stream, listener);
      for (const bytes of early.get(stream) ?? []) listener(bytes);
      early.delete(stream);
      return () => void streams.delete(stream);
    },
    sendStream: (stream, bytes) => wire.send(packStream(stream, bytes)),
    ack: (stream, count) => wire.send(JSON.stringify({ t: "ack", stream, count } satisfies Frame)),
    onClose(listener) {
      if (isClosed) listener();
      else closeListeners.add(listener);
      return () => void closeListeners.delete(listener);
    },
    close: () => wire.close(),
  };
}

function parseFrame(text: string): Frame | null {
  try {
    return Frame.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** One sentence for a person: which field, and what is wrong with it. */
export function describeIssues(error: z.ZodError): string {
  const sentences = error.issues.map((issue) => {
    const field = issue.path.filter((key) => typeof key === "string").map(toWords);
    return [...field, describeIssue(issue)].join(": ");
  });
  return `${sentences.join("; ")}.`;
}

function toWords(key: string): string {
  return key.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}

/** The schema's own words where it has some; the library's are made for programmers. */
function describeIssue(issue: z.core.$ZodIssue): string {
  if (!/^(Too |Invalid )/.test(issue.message)) return issue.message;
  const unit = "origin" in issue && issue.origin === "string" ? " characters" : "";
  switch (issue.code) {
    case "too_small":
      return unit !== "" && issue.minimum === 1
        ? "it cannot be empty"
        : `it has to be at least ${issue.minimum}${unit}`;
    case "too_big":
      return `it can be at most ${issue.maximum}${unit || (issue.origin === "array" ? " entries" : "")}`;
    case "invalid_value":
      return `it is one of: ${issue.values.join(", ")}`;
    default:
      return issue.message;
  }
}
