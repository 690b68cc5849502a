import { cutAtCharacter } from "../../shared/contract/cut-at-character.ts";
import type { ByteStream } from "../../shared/contract/rpc.ts";
import { packTerminalFrame, unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import type { Snapshot } from "./mirror.ts";

/** Output a window may have in hand without having painted it. Measured: more only adds delay to what is typed. */
const CREDIT_BYTES = 32 * 1024;
const FOCUSED_CREDIT_BYTES = 128 * 1024;
/** Between two copies of the screen for a window that cannot keep up. */
const SNAPSHOT_MS = 250;
const FOCUSED_SNAPSHOT_MS = 100;
/** Batching that nobody sees; what follows a key press does not wait for it. */
const COALESCE_MS = 4;
/** A window that kept up for this long after a copy without scrollback gets its scrollback back. */
const CALM_MS = 500;
const SCROLLBACK_LINES = 1000;

/** The session's side of a stream. */
export interface PaneSource {
  snapshot(scrollback: number): Snapshot;
  /** Output behind the snapshot's offset that is not on the mirror's screen yet. */
  unparsed(): readonly Uint8Array[];
  type(bytes: Uint8Array): void;
}

/**
 * One terminal in one window: raw bytes while the window keeps up, a copy of the screen when it has fallen behind.
 *
 * Invariant: what a window gets is a snapshot, then bytes that follow its offset without a gap, until the next snapshot.
 * However slow or dead the window is, the session is never held up and no more than the credit waits in it.
 */
export class PaneStream {
  readonly #stream: ByteStream;
  readonly #source: PaneSource;
  #isFocused: boolean;
  /** Log offset behind the last byte sent; what is pending follows it. */
  #sent = 0;
  #painted = 0;
  /** Painted at least as of the last snapshot: counted as if it were, so that the snapshot itself costs no credit. */
  #counted = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #isBehind = false;
  #isScrollbackCut = false;
  #hasTyped = false;
  #snapshotAt = 0;
  #flushTimer: NodeJS.Timeout | null = null;
  #snapshotTimer: NodeJS.Timeout | null = null;
  #calmTimer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(stream: ByteStream, source: PaneSource, isFocused: boolean) {
    this.#stream = stream;
    this.#source = source;
    this.#isFocused = isFocused;
    stream.onAck((offset) => this.#acknowledged(offset));
    stream.onBytes((bytes) => this.#typed(bytes));
    this.#sendSnapshot(SCROLLBACK_LINES);
  }

  /** Output that begins at log offset `offset`. */
  output(offset: number, bytes: Uint8Array): void {
    if (this.#isBehind || this.#isClosed) return;
    // The mirror is catching up from the log: there is a gap between its screen and this.
    if (offset !== this.#sent + this.#pendingBytes) {
      this.#fallBehind();
      return;
    }
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#hasTyped || this.#pendingBytes > this.#credit()) this.#flush();
    else this.#flushTimer ??= setTimeout(() => this.#flush(), COALESCE_MS);
  }

  focus(isFocused: boolean): void {
    this.#isFocused = isFocused;
    this.#snapshotIfDue();
  }

  /** The screen changed in a way that no output tells: its size. */
  redraw(): void {
    this.#sendSnapshot(SCROLLBACK_LINES);
  }

  /** Sends what waits, e.g. the last output of a program. */
  flush(): void {
    this.#flush();
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of [this.#flushTimer, this.#snapshotTimer, this.#calmTimer]) {
      clearTimeout(timer ?? undefined);
    }
    this.#stream.close();
  }

  #credit(): number {
    const all = this.#isFocused ? FOCUSED_CREDIT_BYTES : CREDIT_BYTES;
    return Math.max(0, all - (this.#sent - Math.max(this.#counted, this.#painted)));
  }

  #flush(): void {
    clearTimeout(this.#flushTimer ?? undefined);
    this.#flushTimer = null;
    if (this.#isClosed || this.#isBehind || this.#pendingBytes === 0) return;
    this.#hasTyped = false;
    const waiting = Buffer.concat(this.#pending);
    const affordable = waiting.subarray(0, this.#credit());
    // Windows parse each frame for itself, and their decoder must not see a cut character.
    const bytes = affordable.subarray(0, cutAtCharacter(affordable));
    if (bytes.length > 0) {
      this.#stream.send(packTerminalFrame({ kind: "output", offset: this.#sent, bytes }));
      this.#sent += bytes.length;
    }
    const rest = waiting.subarray(bytes.length);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
    if (waiting.length > affordable.length) this.#fallBehind();
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    clearTimeout(this.#calmTimer ?? undefined);
    this.#calmTimer = null;
    this.#snapshotIfDue();
  }

  #acknowledged(offset: number): void {
    // A window can have painted no more than it was sent.
    this.#painted = Math.max(this.#painted, Math.min(offset, this.#sent));
    this.#snapshotIfDue();
  }

  #snapshotIfDue(): void {
    const hasCaughtUp = this.#painted >= this.#sent;
    if (!this.#isBehind || !hasCaughtUp || this.#isClosed) return;
    const interval = this.#isFocused ? FOCUSED_SNAPSHOT_MS : SNAPSHOT_MS;
    const wait = this.#snapshotAt + interval - performance.now();
    clearTimeout(this.#snapshotTimer ?? undefined);
    if (wait <= 0) this.#sendSnapshot(0);
    else this.#snapshotTimer = setTimeout(() => this.#snapshotIfDue(), wait);
  }

  #sendSnapshot(scrollback: number): void {
    if (this.#isClosed) return;
    const snapshot = this.#source.snapshot(scrollback);
    this.#stream.send(packTerminalFrame({ kind: "snapshot", ...snapshot }));
    this.#sent = snapshot.offset;
    this.#counted = snapshot.offset;
    // An acknowledgement of bytes beyond it may still be on its way; only this snapshot's own counts from here on.
    this.#painted = Math.min(this.#painted, snapshot.offset - 1);
    this.#pending = [...this.#source.unparsed()];
    this.#pendingBytes = this.#pending.reduce((sum, bytes) => sum + bytes.length, 0);
    this.#isBehind = false;
    this.#snapshotAt = performance.now();
    this.#isScrollbackCut = scrollback === 0;
    this.#flush();
    this.#repairWhenCalm();
  }

  #repairWhenCalm(): void {
    clearTimeout(this.#calmTimer ?? undefined);
    if (!this.#isScrollbackCut || this.#isBehind) return;
    this.#calmTimer = setTimeout(() => {
      if (this.#painted < this.#sent) this.#repairWhenCalm();
      else this.#sendSnapshot(SCROLLBACK_LINES);
    }, CALM_MS);
  }

  #typed(bytes: Uint8Array): void {
    const frame = unpackTerminalFrame(bytes);
    if (frame?.kind !== "input") return;
    this.#flush();
    // The echo goes out at once.
    this.#hasTyped = true;
    this.#source.type(frame.bytes);
  }
}
