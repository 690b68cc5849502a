import { packInput, unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import type { SessionId } from "../../shared/model/ids.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { AppClient } from "../client/connection.ts";
import { waitUntil } from "../client/wait-until.ts";
import type { Screen } from "./open-screen.ts";
import { ScreenLane } from "./screen-lane.ts";
import { LET_GO, showLog } from "./show-log.ts";

export interface Attachment {
  setFocused(isFocused: boolean): void;
}

export interface AttachHooks {
  /** A newer screen waits until the person has read and scrolled down again. */
  onHeldBack(isHeldBack: boolean): void;
  onError(error: unknown): void;
}

/**
 * Connects a screen to its session until `signal` aborts: bytes in, keys and size out. What cannot be attached, because its
 * program has ended, shows the end of its log instead.
 */
export function attachTerminal(
  screen: Screen,
  session: SessionId,
  isLive: boolean,
  client: AppClient,
  hooks: AttachHooks,
  signal: AbortSignal,
): Attachment {
  let isFocused = false;
  let stream: number | null = null;
  const lane = new ScreenLane(session, screen, hooks.onHeldBack, (offset) => {
    if (stream !== null) client.ack(stream, offset);
  });
  signal.addEventListener("abort", () => lane.end(), { once: true });
  const answerOf = waitUntil(signal);

  const open = async () => {
    const attaching = client.call("terminal.attach", { session, isFocused });
    detachAtEnd(client, attaching, signal);
    const answer = await answerOf(attaching);
    if (answer === null || signal.aborted) return;
    stream = answer.stream;
    client.onStream(stream, (bytes) => {
      const frame = unpackTerminalFrame(bytes);
      if (frame && frame.kind !== "input") lane.take(frame);
    });
    screen.input = (bytes) => {
      for (const frame of packInput(bytes)) client.sendStream(answer.stream, frame);
    };
    screen.tellSize = (cols, rows) => {
      if (!isLive) return;
      answerOf(client.call("terminal.resize", { session, cols, rows })).catch(report);
    };
    lane.onFirstScreen = () => {
      screen.claimSize();
      if (!isLive) screen.terminal.write(LET_GO);
    };
    const letGo = () => {
      screen.input = null;
      screen.tellSize = null;
    };
    signal.addEventListener("abort", letGo, { once: true });
  };
  const report = (error: unknown) => {
    // A lost connection is told once, by the window's own banner.
    if (error instanceof SwitchyardError && error.code === "needs-app") return;
    if (!signal.aborted) hooks.onError(error);
  };
  open().catch((error) => {
    if (isLive || signal.aborted) return report(error);
    const readLog = async (from: number, maxBytes: number) => {
      const piece = await answerOf(client.call("session.log", { session, from, maxBytes }));
      return piece ?? { base64: "", end: 0 };
    };
    return showLog(screen.terminal, readLog, signal).catch(report);
  });

  return {
    setFocused(value) {
      if (value === isFocused) return;
      isFocused = value;
      lane.setFocused(value);
      if (stream !== null && !signal.aborted) {
        answerOf(client.call("terminal.focus", { stream, isFocused })).catch(report);
      }
    },
  };
}

/**
 * Detaches when `signal` aborts, also from what is attached only after that. What the core still sends until it has heard of it is
 * let go. Outside of `attachTerminal`, because a call that waits for its answer must not know the screen.
 */
function detachAtEnd(
  client: AppClient,
  attaching: Promise<{ readonly stream: number }>,
  signal: AbortSignal,
): void {
  const detach = async () => {
    const { stream } = await attaching;
    const stopListening = client.onStream(stream, () => {});
    await client.call("terminal.detach", { stream });
    stopListening();
  };
  // A session that could not be attached, or a connection that was lost, has nothing to be detached from.
  signal.addEventListener("abort", () => void detach().catch(() => undefined), { once: true });
}
