import assert from "node:assert";
import { isDeepStrictEqual } from "node:util";
import type { Terminal } from "@xterm/headless";
import { newScreen, type Size } from "../../electron/terminal-host/new-screen.ts";
import type { PaneStream } from "../../electron/terminal-host/pane-stream.ts";
import { type Picture, pictureOf } from "../../electron/terminal-host/picture-screen.ts";
import type { SessionOutput } from "../../electron/terminal-host/session-output.ts";
import { muteAnswers } from "../../renderer/terminal/mute-answers.ts";
import { ScreenLane } from "../../renderer/terminal/screen-lane.ts";
import { packTerminalFrame, unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import { PacedStream } from "./paced-stream.ts";
import { type Recording, Reference } from "./reference.ts";

/** Looked at whenever something was painted; all lines are looked at in the end. */
const NEWEST_LINES = 60;
const REPAIRED_LINES = 1000;
const ESCAPE = 0x1b;
const RESET = 0x63;

/** A window on one session: the real way of the bytes from its wire into an xterm, compared with the reference after every turn. */
export class FollowedWindow implements Disposable {
  readonly terminal: Terminal;
  /** What the window would have typed into the program by itself. */
  readonly typed: string[] = [];
  readonly #id: string;
  readonly #output: SessionOutput;
  readonly #recording: Recording;
  readonly #reference: Reference;
  readonly #onWrong: (error: unknown) => void;
  #attached: {
    readonly lane: ScreenLane;
    readonly pane: PaneStream;
    readonly stream: PacedStream;
  } | null = null;
  #painted = 0;
  /** How many changes of size were known when the screen that came last was copied, and when the one that is shown was. */
  #sizesCame = 0;
  #sizesShown = 0;
  #isFocused = false;
  #isOwnSize = false;

  constructor(
    id: string,
    output: SessionOutput,
    recording: Recording,
    size: Size,
    onWrong: (error: unknown) => void,
  ) {
    this.#id = id;
    this.#output = output;
    this.#recording = recording;
    this.#reference = new Reference(recording);
    this.#onWrong = onWrong;
    this.terminal = newScreen(size);
    muteAnswers(this.terminal.parser);
    this.terminal.onData((text) => this.typed.push(text));
    this.terminal.onBinary((text) => this.typed.push(text));
  }

  get isAttached(): boolean {
    return this.#attached !== null;
  }

  attach(): void {
    if (this.#attached) return;
    const { terminal } = this;
    const stream = new PacedStream(() => this.#recording.sizes.length);
    const screen = {
      terminal: {
        get cols() {
          return terminal.cols;
        },
        get rows() {
          return terminal.rows;
        },
        resize: (cols: number, rows: number) => terminal.resize(cols, rows),
        onScroll: terminal.onScroll,
        write: (bytes: string | Uint8Array, onParsed?: () => void) => {
          if (isWholeScreen(bytes)) {
            this.#isOwnSize = false;
            this.#sizesShown = this.#sizesCame;
          }
          terminal.write(bytes, onParsed);
        },
      },
      isReading: () => terminal.buffer.active.viewportY < terminal.buffer.active.baseY,
    };
    const lane = new ScreenLane(
      this.#id,
      screen,
      () => {},
      (offset) => {
        this.#painted = offset;
        this.#look(offset, NEWEST_LINES);
        stream.ack(offset);
      },
    );
    lane.setFocused(this.#isFocused);
    stream.onFrame = (bytes, sizes) => {
      const frame = unpackTerminalFrame(bytes);
      assert(frame && frame.kind !== "input");
      if (frame.kind === "snapshot") this.#sizesCame = sizes;
      lane.take(frame);
    };
    this.#attached = { lane, stream, pane: this.#output.attach(stream, this.#isFocused) };
  }

  detach(): void {
    if (!this.#attached) return;
    this.#attached.lane.end();
    this.#output.detach(this.#attached.pane);
    this.#attached = null;
    this.#painted = 0;
  }

  focus(isFocused: boolean): void {
    this.#isFocused = isFocused;
    this.#attached?.lane.setFocused(isFocused);
    this.#attached?.pane.focus(isFocused);
  }

  standStill(isStill: boolean): void {
    if (this.#attached) this.#attached.stream.isStill = isStill;
  }

  type(text: string): void {
    const bytes = Buffer.from(text);
    this.#attached?.stream.type(packTerminalFrame({ kind: "input", bytes }));
  }

  /** A window takes its new size before the host knows of it. */
  resize({ cols, rows }: Size): void {
    this.#isOwnSize = true;
    this.terminal.resize(cols, rows);
  }

  /** Whether all there is has been painted, with as much above it as a window is given back. */
  isUpToDate(offset: number): boolean {
    const { length: sizes } = this.#recording.sizes;
    if (this.#painted !== offset || this.#isOwnSize || this.#sizesShown !== sizes) return false;
    const { normal } = this.#reference.at(offset, sizes).terminal.buffer;
    return this.terminal.buffer.normal.baseY >= Math.min(REPAIRED_LINES, normal.baseY);
  }

  lookAtAll(offset: number): void {
    this.#look(offset, Number.POSITIVE_INFINITY);
  }

  [Symbol.dispose](): void {
    this.detach();
    this.terminal.dispose();
    this.#reference[Symbol.dispose]();
  }

  #look(offset: number, linesMax: number): void {
    if (this.#isOwnSize) return;
    const { terminal } = this.#reference.at(offset, this.#sizesShown);
    const shown = pictureOf(this.terminal, linesMax);
    try {
      compare(shown, pictureOf(terminal, linesMax));
    } catch (error) {
      this.#onWrong(
        new Error(`${this.#id} shows another screen at byte ${offset}`, { cause: error }),
      );
    }
  }
}

function isWholeScreen(bytes: string | Uint8Array): boolean {
  if (typeof bytes === "string") return bytes.startsWith("\x1bc");
  return bytes[0] === ESCAPE && bytes[1] === RESET;
}

/** A window may have fewer lines above its screen, and does not know whether the first of them goes on another. */
function compare(shown: Picture, right: Picture): void {
  const cut = (lines: readonly string[], like: readonly string[]) => {
    const newest = lines.slice(Math.max(0, lines.length - like.length));
    return newest.map((line, index) => (index === 0 ? line.slice(1) : line));
  };
  const one = {
    ...shown,
    lines: cut(shown.lines, shown.lines),
    behind: cut(shown.behind, shown.behind),
  };
  const other = {
    ...right,
    lines: cut(right.lines, shown.lines),
    behind: cut(right.behind, shown.behind),
  };
  if (!isDeepStrictEqual(one, other)) assert.deepStrictEqual(one, other);
}
