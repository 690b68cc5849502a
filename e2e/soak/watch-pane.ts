import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import type { SessionId } from "../../shared/model/ids.ts";

interface Piece {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** What one window was shown of one pane. */
export interface WatchedPane {
  readonly session: SessionId;
  readonly stream: number;
  readonly pieces: readonly Piece[];
  /** Raw bytes that did not go on where the ones before ended, without a screen between them. */
  readonly gaps: readonly string[];
}

/** Attaches as a window does, acknowledges what comes and keeps it. */
export async function watchPane(
  client: Client<AppContract>,
  session: SessionId,
  isFocused: boolean,
): Promise<WatchedPane> {
  const { stream } = await client.call("terminal.attach", { session, isFocused });
  const pieces: Piece[] = [];
  const gaps: string[] = [];
  let next: number | null = null;
  client.onStream(stream, (packed) => {
    const frame = unpackTerminalFrame(packed);
    if (frame === null || frame.kind === "input") return;
    if (frame.kind === "output") {
      if (next !== null && frame.offset !== next)
        gaps.push(`bytes from ${frame.offset} came where ${next} was next`);
      pieces.push({ offset: frame.offset, bytes: Buffer.from(frame.bytes) });
      next = frame.offset + frame.bytes.length;
    } else next = frame.offset;
    client.ack(stream, next);
  });
  return { session, stream, pieces, gaps };
}

/**
 * What a window was shown against what the log holds, in a sentence; null when they agree. A terminal host that is killed takes
 * what it read in its last moments along, before it is in the log: with `isEndLost` a window may know more than the log.
 */
export function comparePane(
  { pieces, gaps }: Pick<WatchedPane, "pieces" | "gaps">,
  log: Buffer,
  isEndLost: boolean,
): string | null {
  if (gaps[0]) return `a window was shown ${gaps[0]}`;
  for (const { offset, bytes } of pieces) {
    const logged = log.subarray(offset, offset + bytes.length);
    if (logged.length < bytes.length && !isEndLost)
      return `a window was shown bytes up to ${offset + bytes.length}, and the log ends at ${log.length}`;
    if (!logged.equals(bytes.subarray(0, logged.length)))
      return `a window was shown other bytes at ${offset} than the log holds`;
  }
  return null;
}
