import type { HostContract } from "../../../shared/contract/host-contract.ts";
import type { ByteStream, Client } from "../../../shared/contract/rpc.ts";
import { unpackTerminalFrame } from "../../../shared/contract/terminal-frame.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { nameKey, type PersonKey } from "../../../shared/model/person-key.ts";
import type { WatchedSessions } from "./watched-sessions.ts";

/** One terminal in one window. Nothing happens once either side has gone; disposing detaches. */
export interface TerminalRelay extends AsyncDisposable {
  focus(isFocused: boolean): Promise<void>;
}

/**
 * Hands terminal frames and acknowledgements through between a window's stream and the host's. Of what is typed only a key that is
 * pressed alone is known, by its name. What a window may have in hand is decided in the host. Ends when `windowGone` aborts, when the host goes, or when it is disposed.
 */
export async function relayTerminal(ends: {
  readonly host: Client<HostContract>;
  readonly session: SessionId;
  readonly windowStream: ByteStream;
  readonly isFocused: boolean;
  readonly windowGone: AbortSignal;
  readonly watched: WatchedSessions;
  /** The person pressed this key alone. */
  readonly onKey: (key: PersonKey) => void;
}): Promise<TerminalRelay> {
  const { host, session, windowStream, isFocused, windowGone, watched, onKey } = ends;
  windowGone.throwIfAborted();
  const { stream } = await host.call("attach", { session, isFocused });
  let isEnded = false;
  const look = watched.enter(session, isFocused);
  const stopListening = host.onStream(stream, (bytes) => {
    if (!isEnded) windowStream.send(bytes);
  });
  windowStream.onBytes((bytes) => {
    host.sendStream(stream, bytes);
    const frame = unpackTerminalFrame(bytes);
    const key = frame?.kind === "input" ? nameKey(frame.bytes) : null;
    if (key !== null) onKey(key);
  });
  windowStream.onAck((count) => host.ack(stream, count));

  const end = async () => {
    if (isEnded) return;
    isEnded = true;
    look.leave();
    windowGone.removeEventListener("abort", endNow);
    stopWaiting();
    windowStream.close();
    // What the host sent before it heard of this still comes: it is let go until then. A host that is gone has detached everyone.
    await host.call("detach", { stream }).catch(() => {});
    stopListening();
  };
  const endNow = () => void end();
  windowGone.addEventListener("abort", endNow);
  // Of a client that is closed already it ends at once, and there is nothing to stop then.
  let stopWaiting = () => {};
  stopWaiting = host.onClose(endNow);
  if (windowGone.aborted) await end();
  return {
    async focus(isFocusedNow) {
      if (isEnded) return;
      look.focus(isFocusedNow);
      await host.call("focus", { stream, isFocused: isFocusedNow });
    },
    [Symbol.asyncDispose]: end,
  };
}
