import { resolve } from "node:path";
import {
  HOST_PROTOCOL,
  type HostContract,
  type HostExit,
  hostContract,
} from "../../shared/contract/host-contract.ts";
import {
  type EventName,
  type Handlers,
  type Payload,
  type Peer,
  serveWire,
} from "../../shared/contract/rpc.ts";
import type { Wire } from "../../shared/contract/wire.ts";
import type { SessionId } from "../../shared/model/ids.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { HeldRequests } from "./held-requests.ts";
import { Intake } from "./intake.ts";
import type { PaneStream } from "./pane-stream.ts";
import { ProcessTrees } from "./process-trees.ts";
import { TerminalSession } from "./terminal-session.ts";

interface HostParts {
  readonly home: string;
  readonly sessionsFolder: string;
  readonly version: string;
  readonly onFault: (error: unknown) => void;
  /** A session or a connection came or went. */
  readonly onChange: () => void;
  readonly onShutdown: () => void;
}
type HostPeer = Peer<HostContract>;

/** Serves the host's contract to every core that connects. A connection hears of events from its `hello` on. */
export class HostServer implements AsyncDisposable {
  readonly #parts: HostParts;
  readonly #sessions = new Map<SessionId, TerminalSession>();
  /** Sessions whose program is being started: their names are taken. Each resolves when that is over. */
  readonly #starting = new Map<SessionId, Promise<void>>();
  readonly #listening = new Set<HostPeer>();
  readonly #panes = new Map<
    HostPeer,
    Map<number, { readonly session: TerminalSession; readonly pane: PaneStream }>
  >();
  readonly #requests = new HeldRequests();
  readonly #trees = new ProcessTrees();
  readonly #startedAt = new Date().toISOString();
  #intake: Intake | null = null;

  private constructor(parts: HostParts) {
    this.#parts = parts;
  }

  static async start(parts: HostParts): Promise<HostServer> {
    const host = new HostServer(parts);
    host.#intake = await Intake.listen({
      requests: host.#requests,
      sessions: () => host.#tokens(),
      onSignal: (session, kind, body) => {
        const signal = host.#find(session).journal(kind, body);
        host.#emit("signal", { session, signal });
      },
      onRequest: (request) => host.#emit("request", request),
      onDropped: ({ request, session }) => host.#emit("dropped", { request, session }),
    });
    return host;
  }

  get connections(): number {
    return this.#panes.size;
  }

  get liveSessions(): number {
    return [...this.#sessions.values()].filter((session) => session.isLive).length;
  }

  get sessions(): number {
    return this.#sessions.size + this.#starting.size;
  }

  connect(wire: Wire): void {
    const peer: HostPeer = serveWire(hostContract, wire, this.#handlers);
    this.#panes.set(peer, new Map());
    peer.onClose(() => {
      for (const { session, pane } of this.#panes.get(peer)?.values() ?? []) session.detach(pane);
      this.#panes.delete(peer);
      this.#listening.delete(peer);
      this.#parts.onChange();
    });
    this.#parts.onChange();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#intake?.[Symbol.asyncDispose]();
    for (const session of this.#sessions.values()) await session.dispose();
    this.#trees[Symbol.dispose]();
  }

  readonly #handlers: Handlers<HostContract> = {
    hello: (_, peer) => {
      this.#listening.add(peer);
      for (const request of this.#requests.list()) peer.emit("request", request);
      return {
        protocol: HOST_PROTOCOL,
        version: this.#parts.version,
        pid: process.pid,
        startedAt: this.#startedAt,
        port: this.#intake?.port ?? 0,
      };
    },
    list: () => [...this.#sessions.values()].map((session) => session.describe()),
    spawn: async (order) => {
      if (this.#sessions.has(order.session) || this.#starting.has(order.session)) {
        throw new SwitchyardError("name-taken", `Session ${order.session} was started before.`);
      }
      const started = Promise.withResolvers<void>();
      this.#starting.set(order.session, started.promise);
      try {
        const folder = resolve(this.#parts.sessionsFolder, order.folder);
        const session = await TerminalSession.start(
          { ...order, folder },
          {
            home: this.#parts.home,
            trees: this.#trees,
            onExit: (exit) => this.#ended(order.session, exit),
            onFault: this.#parts.onFault,
          },
        );
        this.#sessions.set(order.session, session);
        return session.describe();
      } finally {
        this.#starting.delete(order.session);
        started.resolve();
        this.#parts.onChange();
      }
    },
    attach: ({ session: id, isFocused }, peer) => {
      const session = this.#find(id);
      const stream = peer.openStream();
      const pane = session.attach(stream, isFocused);
      this.#panes.get(peer)?.set(stream.id, { session, pane });
      return { stream: stream.id };
    },
    focus: ({ stream, isFocused }, peer) => {
      this.#panes.get(peer)?.get(stream)?.pane.focus(isFocused);
      return {};
    },
    detach: ({ stream }, peer) => {
      const attached = this.#panes.get(peer)?.get(stream);
      attached?.session.detach(attached.pane);
      this.#panes.get(peer)?.delete(stream);
      return {};
    },
    write: ({ session, base64 }) => {
      this.#find(session).write(Buffer.from(base64, "base64"));
      return {};
    },
    resize: ({ session, cols, rows }) => {
      this.#find(session).resize(cols, rows);
      return {};
    },
    kill: ({ session, signal }) => {
      this.#find(session).kill(signal);
      return {};
    },
    limit: ({ session, processes }) => {
      this.#find(session).limit(processes);
      return {};
    },
    stop: async ({ session, graceMs }) => {
      // A core that gave up waiting for the start ends what is still to come.
      await this.#starting.get(session);
      return this.#find(session).stop(graceMs);
    },
    read: async ({ session, from, maxBytes }) => {
      const { bytes, end } = await this.#find(session).read(from, maxBytes);
      return { base64: Buffer.from(bytes).toString("base64"), end };
    },
    text: async ({ session, lines }) => ({ lines: await this.#find(session).text(lines) }),
    signals: ({ session, since }) => this.#find(session).signalsSince(since),
    answer: ({ request, status, body }) => ({
      isTaken: this.#requests.answer(request, { status, body }),
    }),
    held: () => this.#requests.list().map(({ request }) => request),
    forget: async ({ session: id }) => {
      const session = this.#find(id);
      if (session.isLive) throw new SwitchyardError("wrong-state", `Session ${id} still runs.`);
      this.#sessions.delete(id);
      await session.dispose();
      this.#parts.onChange();
      return {};
    },
    shutdown: () => {
      if (this.liveSessions > 0 || this.#starting.size > 0) {
        throw new SwitchyardError(
          "wrong-state",
          "The terminal host still runs sessions.",
          "Stop them first.",
        );
      }
      this.#parts.onShutdown();
      return {};
    },
  };

  #find(id: SessionId): TerminalSession {
    const session = this.#sessions.get(id);
    if (session) return session;
    throw new SwitchyardError("not-found", `The terminal host has no session ${id}.`);
  }

  *#tokens() {
    for (const [session, { token }] of this.#sessions) yield { session, token };
  }

  #ended(session: SessionId, exit: HostExit): void {
    this.#emit("exited", { session, exit });
    this.#parts.onChange();
  }

  #emit<N extends EventName<HostContract>>(name: N, payload: Payload<HostContract, N>): void {
    for (const peer of this.#listening) peer.emit(name, payload);
  }
}
