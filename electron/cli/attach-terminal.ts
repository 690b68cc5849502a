import { packTerminalFrame, unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import { isLive } from "../../shared/model/session.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { CommandContext } from "./command-runner.ts";
import type { LocalTerminal } from "./surroundings.ts";

/** Ctrl-], as in telnet: no program of a worker's needs it. */
const LEAVE_KEY = 0x1d;
/** Full reset, before a snapshot is drawn. */
const RESET = "\x1bc";
/** Takes back what the session's program may have switched on: other screen, mouse, pasting, hidden cursor, colours. */
const RESTORE =
  "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[0m\r\n";

/** Shows a session in the person's terminal until it ends or Ctrl-] is pressed. Throws `no-display` without a terminal. */
export async function attachTerminal(context: CommandContext, session: string): Promise<void> {
  const { surroundings, ask } = context;
  const { terminal } = surroundings;
  if (!terminal) {
    throw new SwitchyardError(
      "no-display",
      "A session can be attached only to a terminal, and this is none.",
      `Read it with: switchyard session log ${session}`,
    );
  }
  const leaving = new AbortController();
  const { client } = context.core;
  client.onClose(() => leaving.abort());
  client.on("changed", ({ rows }) => {
    const row = rows.sessions?.find((candidate) => candidate.id === session);
    if (row && !isLive(row.state)) leaving.abort();
  });
  await ask("app.watch", {});
  await resize(context, session, terminal);
  const { stream } = await ask("terminal.attach", { session, isFocused: true });

  const failed = Promise.withResolvers<never>();
  const left = new Promise<void>((resolve) =>
    leaving.signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  try {
    let shown = { cols: 0, rows: 0 };
    showOutput(context, stream, failed.reject, (size) => {
      shown = size;
    });
    const claimSize = () => {
      resize(context, session, terminal).catch(failed.reject);
    };
    terminal.onResize(claimSize, leaving.signal);
    terminal.readKeys((keys) => {
      // Somebody else looks at it too and gave it their size; it has that of whoever uses it.
      if (shown.cols !== sizeOf(terminal).cols || shown.rows !== sizeOf(terminal).rows) claimSize();
      const end = keys.indexOf(LEAVE_KEY);
      const typed = end < 0 ? keys : keys.subarray(0, end);
      if (typed.length > 0)
        client.sendStream(stream, packTerminalFrame({ kind: "input", bytes: typed }));
      if (end >= 0) leaving.abort();
    }, leaving.signal);
    await Promise.race([left, failed.promise]);
  } finally {
    leaving.abort();
    await surroundings.print(RESTORE);
  }
}

function showOutput(
  { core: { client }, surroundings }: CommandContext,
  stream: number,
  fail: (error: unknown) => void,
  onSize: (size: { readonly cols: number; readonly rows: number }) => void,
): void {
  let printing = Promise.resolve();
  client.onStream(stream, (packed) => {
    const frame = unpackTerminalFrame(packed);
    if (!frame || frame.kind === "input") return;
    if (frame.kind === "snapshot") onSize(frame);
    printing = printing
      .then(async () => {
        if (frame.kind === "snapshot") await surroundings.print(RESET);
        await surroundings.print(frame.bytes);
        client.ack(
          stream,
          frame.kind === "snapshot" ? frame.offset : frame.offset + frame.bytes.length,
        );
      })
      .catch(fail);
  });
}

async function resize(
  { ask }: CommandContext,
  session: string,
  terminal: LocalTerminal,
): Promise<void> {
  await ask("terminal.resize", { session, ...sizeOf(terminal) });
}

/** A terminal of no size, as some report themselves, is taken for the smallest. */
function sizeOf({ cols, rows }: LocalTerminal): { readonly cols: number; readonly rows: number } {
  return { cols: Math.max(cols, 2), rows: Math.max(rows, 1) };
}
