import { join } from "node:path";
import type { ByteStream } from "../../shared/contract/rpc.ts";
import { ByteLog } from "./byte-log.ts";
import { Mirror } from "./mirror.ts";
import { PaneStream } from "./pane-stream.ts";

interface OutputParts {
  /** Where the log is kept. */
  readonly folder: string;
  readonly cols: number;
  readonly rows: number;
  /** What goes to the program: keys of a window, and the terminal's own answers. */
  readonly type: (bytes: Uint8Array) => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * What becomes of a program's output: its log, its mirror and the windows that look at it.
 *
 * Invariant: `cols` and `rows` are the mirror's, and every window is told of a change by a whole screen.
 */
export class SessionOutput implements AsyncDisposable {
  readonly #log: ByteLog;
  readonly #mirror: Mirror;
  readonly #panes = new Set<PaneStream>();
  readonly #type: OutputParts["type"];
  #cols: number;
  #rows: number;

  constructor({ folder, cols, rows, type, onFault }: OutputParts) {
    this.#cols = cols;
    this.#rows = rows;
    this.#type = type;
    this.#log = new ByteLog(join(folder, "output.log"), onFault);
    this.#mirror = new Mirror({
      cols,
      rows,
      onReply: (text) => type(Buffer.from(text)),
      readLog: (from, maxBytes) => this.#log.read(from, maxBytes),
      onFault,
    });
  }

  get size(): { readonly cols: number; readonly rows: number } {
    return { cols: this.#cols, rows: this.#rows };
  }

  /** Bytes so far, on the disk or not. */
  get length(): number {
    return this.#log.length;
  }

  /** Bytes that are not on the disk yet. */
  get unwrittenBytes(): number {
    return this.#log.waitingBytes;
  }

  /** Bytes that are on the mirror's screen. */
  get shownBytes(): number {
    return this.#mirror.parsedOffset;
  }

  take(bytes: Uint8Array): void {
    const offset = this.#log.length;
    this.#log.append(bytes);
    this.#mirror.feed(bytes);
    for (const pane of this.#panes) pane.output(offset, bytes);
  }

  attach(stream: ByteStream, isFocused: boolean): PaneStream {
    const pane = new PaneStream(
      stream,
      {
        snapshot: (scrollback) => this.#mirror.snapshot(scrollback),
        unparsed: () => this.#mirror.unparsed(),
        type: this.#type,
      },
      isFocused,
    );
    this.#panes.add(pane);
    return pane;
  }

  detach(pane: PaneStream): void {
    this.#panes.delete(pane);
    pane.close();
  }

  resize(cols: number, rows: number): void {
    this.#cols = cols;
    this.#rows = rows;
    this.#mirror.resize(cols, rows);
    for (const pane of this.#panes) pane.redraw();
  }

  /** Resolves when nothing more will come and all of it is on the disk, on the mirror and on its way to the windows. */
  async end(): Promise<void> {
    await this.#log.sync();
    await this.#mirror.settled();
    for (const pane of this.#panes) pane.flush();
  }

  read(from: number, maxBytes: number): Promise<Uint8Array> {
    return this.#log.read(from, maxBytes);
  }

  lastLines(count: number): Promise<string[]> {
    return this.#mirror.lastLines(count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pane of this.#panes) this.detach(pane);
    this.#mirror.dispose();
    await this.#log[Symbol.asyncDispose]();
  }
}
