import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { Signal } from "../../../shared/contract/host-contract.ts";
import type { TerminalMoment } from "../../../shared/model/terminal-moment.ts";

/** Of what was sent; it names the place in a list. */
const PROMPT_MAX = 200;
/** Between two moments that only tell the time. */
const INTERVAL_MS = 250;

const Prompt = z.looseObject({
  hook_event_name: z.literal("UserPromptSubmit"),
  prompt: z.string(),
});

/** What a session's journal of signals says of its terminal; none where its host did not note it, or nothing was told. */
export async function readMoments(folder: string): Promise<readonly TerminalMoment[]> {
  // A log is read with what the set-up printed before it.
  const before = await stat(path.join(folder, "setup.log")).catch(() => null);
  const moments: TerminalMoment[] = [];
  let told = { ms: -INTERVAL_MS, size: "" };
  for await (const line of readLines(path.join(folder, "signals.jsonl"))) {
    const signal = parse(line);
    if (!signal?.terminal) continue;
    const { offset, cols, rows } = signal.terminal;
    const prompt = Prompt.safeParse(signal.body).data?.prompt.slice(0, PROMPT_MAX) ?? null;
    const now = { ms: Date.parse(signal.at), size: `${cols}x${rows}` };
    if (prompt === null && now.size === told.size && now.ms - told.ms < INTERVAL_MS) continue;
    told = now;
    moments.push({ at: signal.at, offset: offset + (before?.size ?? 0), cols, rows, prompt });
  }
  return moments;
}

async function* readLines(file: string): AsyncGenerator<string> {
  if ((await stat(file).catch(() => null)) === null) return;
  yield* createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
}

function parse(line: string): Signal | null {
  try {
    return Signal.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    // A line that is being written.
    return null;
  }
}
