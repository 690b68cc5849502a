import type { Session } from "../../shared/model/session.ts";
import { CastWriter } from "../../shared/model/write-cast.ts";
import { call } from "../client/connection.ts";
import { plainText } from "../ui/plain-text.ts";
import { rowsOf, screenOf } from "./reveal-line.ts";

const PIECE_BYTES = 1 << 20;

/** Saves what a session's pane holds, scrollback and all, or what its log has where there is no pane. */
export async function saveAsText({ id, name }: Pick<Session, "id" | "name">): Promise<void> {
  const screen = screenOf(id);
  const text = screen ? textOf(rowsOf(screen.terminal)) : await loggedText(id);
  download(`${fileName(name)}.txt`, "text/plain", [text]);
}

/** Saves all that its terminal has shown as a recording. */
export async function saveAsCast(session: Session): Promise<void> {
  const { id, name, startedAt } = session;
  const { moments } = await call("session.moments", { session: id });
  const cast = new CastWriter(
    { title: name, startedAt, cols: 120, rows: 40 },
    moments,
    new TextDecoder(),
  );
  const parts = [cast.head()];
  for await (const bytes of readLog(id)) parts.push(cast.write(bytes));
  download(`${fileName(name)}.cast`, "application/x-asciicast", [...parts, cast.end()]);
}

function textOf(rows: ReturnType<typeof rowsOf>): string {
  let text = "";
  for (let row = 0; row < rows.length; row += 1) {
    const { text: part, isWrapped } = rows.read(row);
    text += row === 0 || isWrapped ? part : `\n${part}`;
  }
  return `${text.trimEnd()}\n`;
}

async function loggedText(session: Session["id"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of readLog(session)) text += decoder.decode(bytes, { stream: true });
  return plainText(text + decoder.decode());
}

async function* readLog(session: Session["id"]): AsyncGenerator<Uint8Array> {
  for (let from = 0; ; ) {
    const { base64 } = await call("session.log", { session, from, maxBytes: PIECE_BYTES });
    if (base64 === "") return;
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    from += bytes.length;
    yield bytes;
  }
}

/** A name of a session can hold what no file's can. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "session";
}

function download(name: string, type: string, parts: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it over by the next turn.
  setTimeout(() => URL.revokeObjectURL(address));
}
