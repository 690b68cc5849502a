/**
 * Carries whole frames both ways, in order: text frames are calls, answers, events and acknowledgements as JSON,
 * binary frames are stream bytes. A shell supplies one over whatever it has: a MessagePort, a WebSocket, a unix socket.
 */
export interface Wire {
  send(frame: string | Uint8Array): void;
  onFrame(listener: (frame: string | Uint8Array) => void): void;
  /** Called once, also when the wire was closed before the listener came. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Two ends of a wire inside one process. Frames arrive asynchronously, as they do on every other wire. */
export function createWirePair(): readonly [Wire, Wire] {
  const left = new LocalWire();
  const right = new LocalWire();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

class LocalWire implements Wire {
  peer: LocalWire | null = null;
  #isClosed = false;
  #frameListener: ((frame: string | Uint8Array) => void) | null = null;
  #waiting: (string | Uint8Array)[] = [];
  #closeListeners: (() => void)[] = [];

  send(frame: string | Uint8Array): void {
    if (this.#isClosed) return;
    void Promise.resolve().then(() => this.peer?.receive(frame));
  }

  receive(frame: string | Uint8Array): void {
    if (this.#frameListener) this.#frameListener(frame);
    else this.#waiting.push(frame);
  }

  onFrame(listener: (frame: string | Uint8Array) => void): void {
    this.#frameListener = listener;
    for (const frame of this.#waiting.splice(0)) listener(frame);
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) listener();
    else this.#closeListeners.push(listener);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const peer = this.peer;
    void Promise.resolve().then(() => peer?.close());
    for (const listener of this.#closeListeners.splice(0)) listener();
  }
}
