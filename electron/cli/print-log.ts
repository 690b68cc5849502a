import { stripVTControlCharacters } from "node:util";
import { unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import { isLive } from "../../shared/model/session.ts";
import { unreachable } from "../../shared/model/unreachable.ts";
import type { CommandContext } from "./command-runner.ts";
import { answer, type Report } from "./report.ts";

const PAGE_BYTES = 256 * 1024;

export interface LogOptions {
  readonly follow?: boolean;
  readonly raw?: boolean;
}

/** Prints a session's log from its first byte; what is printed has been read from the log, never from a screen. */
export async function printLog(
  context: CommandContext,
  session: string,
  options: LogOptions,
): Promise<Report | null> {
  const decoder = new TextDecoder();
  const toOutput = (bytes: Uint8Array) =>
    options.raw ? bytes : toPlainText(decoder.decode(bytes, { stream: true }));

  if (context.isJson && !options.follow) {
    const { bytes, end } = await readLog(context, session, 0);
    const text = options.raw ? decoder.decode(bytes) : toPlainText(decoder.decode(bytes));
    return answer({ session, from: 0, end, text }, text);
  }
  const printFrom = async (from: number) => {
    const { bytes, end } = await readLog(context, session, from);
    if (bytes.length > 0) await context.surroundings.print(toOutput(bytes));
    return end;
  };
  const end = await printFrom(0);
  if (options.follow) await follow(context, session, end, printFrom);
  return null;
}

async function readLog({ ask }: CommandContext, session: string, from: number) {
  const pages: Buffer[] = [];
  for (let at = from; ; ) {
    const page = await ask("session.log", { session, from: at, maxBytes: PAGE_BYTES });
    const bytes = Buffer.from(page.base64, "base64");
    pages.push(bytes);
    at += bytes.length;
    if (bytes.length === 0 || at >= page.end) return { bytes: Buffer.concat(pages), end: at };
  }
}

/** The terminal's own frames say when there is more to read. */
async function follow(
  context: CommandContext,
  session: string,
  from: number,
  printFrom: (from: number) => Promise<number>,
): Promise<void> {
  const { client } = context.core;
  const ended = Promise.withResolvers<void>();
  client.onClose(() => ended.resolve());
  client.on("changed", ({ rows }) => {
    const row = rows.sessions?.find((candidate) => candidate.id === session);
    if (row && !isLive(row.state)) ended.resolve();
  });
  await context.ask("app.watch", {});
  const { state } = await context.ask("session.show", { session });
  if (!isLive(state)) return;

  let at = from;
  let printing = Promise.resolve();
  const { stream } = await context.ask("terminal.attach", { session, isFocused: false });
  client.onStream(stream, (packed) => {
    const frame = unpackTerminalFrame(packed);
    if (!frame || frame.kind === "input") return;
    printing = printing
      .then(async () => {
        at = await printFrom(at);
        client.ack(stream, endOf(frame));
      })
      .catch(ended.reject);
  });
  await ended.promise;
  await printing;
  await printFrom(at);
}

function endOf(frame: { kind: "output" | "snapshot"; offset: number; bytes: Uint8Array }): number {
  switch (frame.kind) {
    case "output":
      return frame.offset + frame.bytes.length;
    case "snapshot":
      return frame.offset;
    default:
      return unreachable(frame.kind);
  }
}

function toPlainText(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}
