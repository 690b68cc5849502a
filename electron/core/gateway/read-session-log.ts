import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";

/** In the order in which they are written: the set-up of a new worktree is over before the program starts. */
const LOGS = ["setup.log", "output.log"] as const;

/**
 * Reads a session's log from a byte on: what its set-up printed, if it had one, then what its terminal has shown. `end` is the
 * number of bytes there are. A session without a log has an empty one.
 */
export async function readSessionLog(
  folder: string,
  from: number,
  maxBytes: number,
): Promise<{ base64: string; end: number }> {
  const parts: Buffer[] = [];
  let end = 0;
  let leftBytes = maxBytes;
  for (const name of LOGS) {
    const log = await open(path.join(folder, name), "r").catch(() => null);
    if (!log) continue;
    await using _ = log;
    const { size } = await log.stat();
    const bytes = await readPart(log, Math.max(0, from - end), leftBytes, size);
    parts.push(bytes);
    leftBytes -= bytes.length;
    end += size;
  }
  return { base64: Buffer.concat(parts).toString("base64"), end };
}

async function readPart(log: FileHandle, from: number, maxBytes: number, size: number) {
  const bytes = Buffer.alloc(Math.max(0, Math.min(maxBytes, size - from)));
  const { bytesRead } = await log.read(bytes, 0, bytes.length, from);
  return bytes.subarray(0, bytesRead);
}
