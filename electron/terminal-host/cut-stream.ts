import type { Terminal } from "@xterm/headless";
import { Mirror } from "./mirror.ts";
import { newScreen, type Size } from "./new-screen.ts";
import { type Picture, pictureOf } from "./picture-screen.ts";
import { internalsOf } from "./screen-internals.ts";

/** What xterm decodes at once; where it cuts more than that, it cuts characters. */
const DECODED_AT_ONCE = 100_000;

/** A screen that is fed at once, in whole characters when each piece is whole ones: what all others are compared with. */
export class PlainScreen {
  readonly terminal: Terminal;

  constructor(size: Size) {
    this.terminal = newScreen(size);
  }

  feed(bytes: Uint8Array): void {
    const handler = internalsOf(this.terminal)._inputHandler;
    for (let at = 0; at < bytes.length; at += DECODED_AT_ONCE) {
      handler.parse(bytes.subarray(at, at + DECODED_AT_ONCE));
    }
  }

  picture(): Picture {
    return pictureOf(this.terminal);
  }

  [Symbol.dispose](): void {
    this.terminal.dispose();
  }
}

export function newMirror(size: Size, onReply: (text: string) => void = () => {}): Mirror {
  return new Mirror({
    ...size,
    onReply,
    readLog: () => Promise.reject(new Error("there is no log here")),
    onFault: (error) => {
      throw error;
    },
  });
}

/** The screen behind the last byte of a stream. */
export function wholePicture(stream: Uint8Array, size: Size): Picture {
  using whole = new PlainScreen(size);
  whole.feed(stream);
  return whole.picture();
}

/** The same on a copy that was made of a mirror's screen behind byte `at`, and fed with the rest. */
export async function copiedPicture(
  stream: Uint8Array,
  at: number,
  size: Size,
): Promise<{ readonly copy: Picture; readonly heldBack: number }> {
  const mirror = newMirror(size);
  mirror.feed(stream.subarray(0, at));
  await mirror.settled();
  const { offset, bytes } = mirror.snapshot(5000);
  mirror.dispose();
  using copied = new PlainScreen(size);
  // Joined as whole characters, as windows do: xterm's own decoder loses some that are cut.
  copied.feed(Buffer.concat([bytes, stream.subarray(offset)]));
  return { copy: copied.picture(), heldBack: at - offset };
}
