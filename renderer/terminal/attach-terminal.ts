import { packTerminalFrame, unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import type { SessionId } from "../../shared/model/ids.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { AppClient } from "../client/connection.ts";
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
  signal.addEventListener("abort", () => lane.end());

  const open = async () => {
    const answer = await client.call("terminal.attach", { session, isFocused });
    const isWanted = !signal.aborted;
    if (!isWanted) return client.call("terminal.detach", { stream: answer.stream });
    stream = answer.stream;
    const stopListening = client.onStream(stream, (bytes) => {
      const frame = unpackTerminalFrame(bytes);
      if (frame && frame.kind !== "input") lane.take(frame);
    });
    screen.input = (bytes) =>
      client.sendStream(answer.stream, packTerminalFrame({ kind: "input", bytes }));
    screen.tellSize = (cols, rows) => {
      if (isLive) client.call("terminal.resize", { session, cols, rows }).catch(report);
    };
    lane.onFirstScreen = () => {
      screen.claimSize();
      if (!isLive) screen.terminal.write(LET_GO);
    };
    signal.addEventListener("abort", () => {
      stopListening();
      screen.input = null;
      screen.tellSize = null;
      client.call("terminal.detach", { stream: answer.stream }).catch(report);
    });
    return undefined;
  };
  const report = (error: unknown) => {
    // A lost connection is told once, by the window's own banner.
    if (error instanceof SwitchyardError && error.code === "needs-app") return;
    if (!signal.aborted) hooks.onError(error);
  };
  open().catch((error) => {
    if (isLive) return report(error);
    const readLog = (from: number, maxBytes: number) =>
      client.call("session.log", { session, from, maxBytes });
    return showLog(screen.terminal, readLog, signal).catch(report);
  });

  return {
    setFocused(value) {
      if (value === isFocused) return;
      isFocused = value;
      lane.setFocused(value);
      if (stream !== null && !signal.aborted) {
        client.call("terminal.focus", { stream, isFocused }).catch(report);
      }
    },
  };
}
