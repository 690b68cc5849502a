import type { Terminal } from "xterm";
import { cutAtCharacter } from "../../shared/contract/cut-at-character.ts";
import type { TerminalFrame } from "../../shared/contract/terminal-frame.ts";
import { turns, type WriteLane } from "./turn-runner.ts";

type IncomingFrame = Exclude<TerminalFrame, { readonly kind: "input" }>;
interface Piece {
  readonly bytes: Uint8Array;
  readonly endOffset: number;
  /** A whole screen begins here: the terminal takes on this size first. */
  readonly size: { readonly cols: number; readonly rows: number } | null;
}

/** The part of a screen that its bytes need. */
export interface LaneScreen {
  readonly terminal: Pick<Terminal, "cols" | "rows" | "resize" | "write" | "onScroll">;
  isReading(): boolean;
}

/** ESC c. Reset and screen go in as one write, so that no blank screen is ever painted between them. */
const FULL_RESET = new Uint8Array([0x1b, 0x63]);
const CHARACTER_MAX_BYTES = 4;
/** After each piece xterm lets the window go on if 12 ms are over. What is slowest to parse takes a few milliseconds for so much. */
const WRITTEN_AT_ONCE_BYTES = 4 * 1024;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The way of one terminal's bytes from the wire to its screen. While a person reads above the last lines, a new whole screen is
 * held back, because it would take away what is being read; unacknowledged, the sender waits too.
 */
export class ScreenLane implements WriteLane {
  readonly id: string;
  isFocused = false;
  writtenAtMs = 0;
  /** Called when the first whole screen has been painted. */
  onFirstScreen: (() => void) | null = null;
  #pieces: Piece[] = [];
  #waitingBytes = 0;
  #isHeldBack = false;
  #hasEnded = false;
  #onEnded: (() => void) | null = null;
  readonly #leave: () => void;
  readonly #scrolling: { dispose(): void };
  readonly #screen: LaneScreen;
  readonly #onHeldBack: (isHeldBack: boolean) => void;
  readonly #ack: (offset: number) => void;

  constructor(
    id: string,
    screen: LaneScreen,
    onHeldBack: (isHeldBack: boolean) => void,
    ack: (offset: number) => void,
  ) {
    this.id = id;
    this.#screen = screen;
    this.#onHeldBack = onHeldBack;
    this.#ack = ack;
    this.#leave = turns.add(this);
    this.#scrolling = screen.terminal.onScroll(() => this.#releaseWhenRead());
  }

  /** What may be written now; nothing while a screen is held back. */
  get waitingBytes(): number {
    return this.#isHeldBack ? 0 : this.#waitingBytes;
  }

  setFocused(isFocused: boolean): void {
    this.isFocused = isFocused;
    if (isFocused) turns.wake(this);
  }

  take(frame: IncomingFrame): void {
    if (frame.kind === "snapshot") this.#takeScreen(frame);
    else {
      const endOffset = frame.offset + frame.bytes.length;
      this.#push({ bytes: frame.bytes, endOffset, size: null });
    }
    turns.wake(this);
  }

  #takeScreen(frame: Extract<IncomingFrame, { readonly kind: "snapshot" }>): void {
    // What waits is older than this screen and is part of it.
    this.#pieces = [];
    this.#waitingBytes = 0;
    const bytes = new Uint8Array(FULL_RESET.length + frame.bytes.length);
    bytes.set(FULL_RESET);
    bytes.set(frame.bytes, FULL_RESET.length);
    this.#push({ bytes, endOffset: frame.offset, size: { cols: frame.cols, rows: frame.rows } });
    this.#hold(this.#screen.isReading());
  }

  #push(piece: Piece): void {
    this.#pieces.push(piece);
    this.#waitingBytes += piece.bytes.length;
  }

  #hold(isHeldBack: boolean): void {
    if (this.#isHeldBack === isHeldBack) return;
    this.#isHeldBack = isHeldBack;
    this.#onHeldBack(isHeldBack);
  }

  #releaseWhenRead(): void {
    if (!this.#isHeldBack || this.#screen.isReading()) return;
    this.#hold(false);
    turns.wake(this);
  }

  write(bytes: number, onWritten: () => void): void {
    if (this.#hasEnded) {
      onWritten();
      return;
    }
    this.#onEnded = onWritten;
    this.writtenAtMs = performance.now();
    const { parts, endOffset, size } = this.#cut(bytes);
    const { terminal } = this.#screen;
    if (size && (size.cols !== terminal.cols || size.rows !== terminal.rows)) {
      terminal.resize(size.cols, size.rows);
    }
    const rest = size ? 0 : this.#writeInPieces(parts);
    // A whole screen can be more than xterm decodes at once, and it cuts that within characters, but not within a text.
    terminal.write(size ? decoder.decode(parts) : parts.subarray(rest), () => {
      if (this.#hasEnded) return;
      this.#onEnded = null;
      if (endOffset !== null) this.#ack(endOffset);
      if (size && this.onFirstScreen) {
        this.onFirstScreen();
        this.onFirstScreen = null;
      }
      onWritten();
    });
  }

  /** Returns where the last piece begins, which is left to the caller. */
  #writeInPieces(bytes: Uint8Array): number {
    let at = 0;
    while (bytes.length - at > WRITTEN_AT_ONCE_BYTES) {
      const piece = bytes.subarray(at, at + WRITTEN_AT_ONCE_BYTES);
      const whole = cutAtCharacter(piece) || piece.length;
      this.#screen.terminal.write(piece.subarray(0, whole));
      at += whole;
    }
    return at;
  }

  /**
   * Takes whole pieces up to about `bytes`; a piece larger than that is cut between two characters, because xterm decodes some
   * wrongly that come in parts. A screen is never cut and ends what came before it,
   * because the terminal must have its size first.
   */
  #cut(bytes: number): {
    parts: Uint8Array;
    endOffset: number | null;
    size: Piece["size"];
  } {
    const first = this.#pieces[0];
    if (first?.size) {
      this.#drop(first);
      return { parts: first.bytes, endOffset: first.endOffset, size: first.size };
    }
    const taken: Uint8Array[] = [];
    let length = 0;
    let endOffset: number | null = null;
    for (let next = this.#pieces[0]; next && !next.size && length < bytes; next = this.#pieces[0]) {
      const whole = wholeCharacters(next.bytes, bytes - length);
      taken.push(next.bytes.subarray(0, whole));
      length += whole;
      endOffset = next.endOffset - (next.bytes.length - whole);
      this.#drop(next);
      if (whole < next.bytes.length) {
        this.#pieces.unshift({ ...next, bytes: next.bytes.subarray(whole) });
        this.#waitingBytes += next.bytes.length - whole;
        break;
      }
    }
    return { parts: join(taken, length), endOffset, size: null };
  }

  #drop(piece: Piece): void {
    this.#pieces.shift();
    this.#waitingBytes -= piece.bytes.length;
  }

  end(): void {
    this.#hasEnded = true;
    this.#leave();
    this.#scrolling.dispose();
    this.#hold(false);
    // A terminal that was disposed of never calls back; the turn must not wait for it.
    this.#onEnded?.();
    this.#onEnded = null;
  }
}

/** How many of `bytes` fit into `room` without cutting a character; at least one of these is taken. */
function wholeCharacters(bytes: Uint8Array, room: number): number {
  if (room >= bytes.length) return bytes.length;
  const fitting = bytes.subarray(0, Math.max(room, CHARACTER_MAX_BYTES));
  return cutAtCharacter(fitting) || bytes.length;
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
