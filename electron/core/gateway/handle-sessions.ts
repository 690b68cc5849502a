import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { HostContract } from "../../../shared/contract/host-contract.ts";
import type { ByteStream, Client, Handlers, Peer } from "../../../shared/contract/rpc.ts";
import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { SessionRecord, Store } from "../store/store.ts";
import type { TerminalRelay } from "../terminal/relay-terminal.ts";
import type { Sessions } from "../worker/sessions.ts";
import { findProject } from "./find-project.ts";
import { requireSession } from "./require-session.ts";

export interface SessionParts {
  readonly store: Store;
  readonly sessions: () => Sessions;
  readonly host: () => Client<HostContract>;
  /** Joins a window's stream with the terminal's until `windowGone` aborts. */
  readonly relay: (
    session: SessionId,
    stream: ByteStream,
    isFocused: boolean,
    windowGone: AbortSignal,
  ) => Promise<TerminalRelay>;
  /** Bytes of an ended session's log, straight from its file. */
  readonly readLog: (
    session: SessionRecord,
    from: number,
    maxBytes: number,
  ) => Promise<{ base64: string; end: number }>;
  readonly respawn: (session: SessionRecord) => Promise<Session>;
  /** Lets the conversation of a session that waits for a limit go on at another profile. */
  readonly move: (session: SessionId, profile: ProfileName) => Promise<Session>;
  /** Continues the conversation of an ended session with a message. */
  readonly tellEnded: (
    session: SessionRecord,
    message: string,
  ) => Promise<{ readonly session: SessionId; readonly isDelivered: boolean }>;
}

type SessionCalls =
  | "session.list"
  | "session.show"
  | "session.log"
  | "session.peek"
  | "session.send"
  | "session.interrupt"
  | "session.stop"
  | "session.respawn"
  | "session.restart"
  | "session.move"
  | "session.label"
  | "session.pin"
  | "session.name"
  | "terminal.attach"
  | "terminal.focus"
  | "terminal.detach"
  | "terminal.resize";

export function handleSessions(parts: SessionParts): Pick<Handlers<AppContract>, SessionCalls> {
  const { store } = parts;
  const windows = new WeakMap<Peer<AppContract>, OpenWindow>();
  const windowOf = (peer: Peer<AppContract>) => {
    const known = windows.get(peer);
    if (known) return known;
    const made: OpenWindow = { gone: new AbortController(), relays: new Map() };
    windows.set(peer, made);
    peer.onClose(() => made.gone.abort(new Error("the window is gone")));
    return made;
  };

  return {
    "session.list": ({ project }) => [
      ...store.sessions.list(
        project === undefined ? {} : { project: findProject(store, project).name },
      ),
    ],
    "session.show": ({ session }) => requireSession(store, session),
    "session.log": async ({ session: id, from, maxBytes }) =>
      parts.readLog(requireSession(store, id), from, maxBytes),
    "session.peek": async ({ session: id, lines }) =>
      parts.host().call("text", { session: requireLive(store, id).id, lines }),
    "session.send": async ({ session: id, text }) => {
      const session = requireSession(store, id);
      if (!isLive(session.state)) return parts.tellEnded(session, text);
      return { session: id, isDelivered: await parts.sessions().messages.send(id, text) };
    },
    "session.interrupt": async ({ session }) => {
      requireLive(store, session);
      await parts.sessions().messages.interrupt(session);
      // It is the same key, whoever types it for the person.
      parts.sessions().press(session, "Esc");
      return requireSession(store, session);
    },
    "session.stop": async ({ session }) => {
      requireLive(store, session);
      await parts.sessions().end(session, "stopped", "person");
      return requireSession(store, session);
    },
    "session.respawn": async ({ session: id }) => {
      const session = requireSession(store, id);
      if (isLive(session.state))
        throw new SwitchyardError(
          "wrong-state",
          `${id} still runs (${session.state}).`,
          `Stop it first: switchyard session stop ${id}`,
        );
      return parts.respawn(session);
    },
    "session.restart": async ({ session: id }) => {
      const session = requireSession(store, id);
      if (isLive(session.state)) await parts.sessions().end(id, "stopped", "person");
      return parts.respawn(requireSession(store, id));
    },
    "session.move": ({ session, profile }) => parts.move(session, profile),
    "session.label": ({ session, labels }) => change(store, session, { labels }),
    "session.pin": ({ session, isPinned }) => change(store, session, { pinned: isPinned }),
    "session.name": ({ session, name }) => change(store, session, { name }),

    "terminal.attach": async ({ session, isFocused }, peer) => {
      const { gone, relays } = windowOf(peer);
      await whenSpawned(store, session, gone.signal);
      const stream = peer.openStream();
      try {
        relays.set(stream.id, await parts.relay(session, stream, isFocused, gone.signal));
      } catch (error) {
        stream.close();
        throw error;
      }
      return { stream: stream.id };
    },
    "terminal.focus": async ({ stream, isFocused }, peer) => {
      await windowOf(peer).relays.get(stream)?.focus(isFocused);
      return {};
    },
    "terminal.detach": async ({ stream }, peer) => {
      const { relays } = windowOf(peer);
      await relays.get(stream)?.[Symbol.asyncDispose]();
      relays.delete(stream);
      return {};
    },
    "terminal.resize": async ({ session: id, cols, rows }) => {
      const session = requireLive(store, id);
      // Its terminal is made in the size that is asked for by then.
      if (session.pid === null)
        store.write("window", () => store.sessions.update(id, { cols, rows }));
      else await parts.host().call("resize", { session: id, cols, rows });
      return {};
    },
  };
}

/** Waits until a session that is starting has its terminal, or is over. */
async function whenSpawned(store: Store, id: SessionId, signal: AbortSignal): Promise<void> {
  const isWaiting = () => {
    const { pid, state } = requireSession(store, id);
    return pid === null && isLive(state);
  };
  if (!isWaiting()) return;
  signal.throwIfAborted();
  using listening = new DisposableStack();
  await new Promise<void>((resolve, reject) => {
    listening.defer(
      store.onCommit(({ touched }) => {
        if (touched.sessions.has(id) && !isWaiting()) resolve();
      }),
    );
    const leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave);
    listening.defer(() => signal.removeEventListener("abort", leave));
  });
}

/** What one connection has open. */
interface OpenWindow {
  readonly gone: AbortController;
  readonly relays: Map<number, TerminalRelay>;
}

function change(
  store: Store,
  id: SessionId,
  patch: Partial<Pick<SessionRecord, "pinned" | "name" | "labels">>,
): Session {
  return store.write("person", (record) => {
    requireSession(store, id);
    store.sessions.update(id, patch);
    record("session.edited", id, patch);
    return requireSession(store, id);
  });
}

function requireLive(store: Store, id: SessionId): SessionRecord {
  const session = requireSession(store, id);
  if (!isLive(session.state)) {
    throw new SwitchyardError(
      "wrong-state",
      `${id} is over (${session.state}).`,
      `Continue its conversation with: switchyard session respawn ${id}`,
    );
  }
  return session;
}
