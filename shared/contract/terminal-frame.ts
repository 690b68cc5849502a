/**
 * What travels on the byte stream of one terminal in one window.
 *
 * `output` are raw bytes of the program; `offset` is the place of the first of them in the session's log.
 * `snapshot` is a whole screen as control sequences for a terminal that was just reset; raw bytes go on from `offset`.
 * `input` is what the person typed or pasted. The window acknowledges by the log offset up to which it has painted.
 */
export type TerminalFrame =
  | { readonly kind: "output"; readonly offset: number; readonly bytes: Uint8Array }
  | {
      readonly kind: "snapshot";
      readonly offset: number;
      readonly cols: number;
      readonly rows: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "input"; readonly bytes: Uint8Array };

const OUTPUT = 0;
const SNAPSHOT = 1;
const INPUT = 2;

export function packTerminalFrame(frame: TerminalFrame): Uint8Array {
  const headerBytes = frame.kind === "output" ? 9 : frame.kind === "snapshot" ? 13 : 1;
  const packed = new Uint8Array(headerBytes + frame.bytes.length);
  const view = new DataView(packed.buffer);
  packed.set(frame.bytes, headerBytes);
  if (frame.kind === "input") {
    view.setUint8(0, INPUT);
    return packed;
  }
  view.setUint8(0, frame.kind === "output" ? OUTPUT : SNAPSHOT);
  view.setFloat64(1, frame.offset);
  if (frame.kind === "snapshot") {
    view.setUint16(9, frame.cols);
    view.setUint16(11, frame.rows);
  }
  return packed;
}

const INPUT_MAX_BYTES = 64 * 1024;

/** What was typed or pasted, in frames that every wire carries: a browser's connection ends at one of more than 1 MB. */
export function packInput(bytes: Uint8Array): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += INPUT_MAX_BYTES) {
    const piece = bytes.subarray(at, at + INPUT_MAX_BYTES);
    frames.push(packTerminalFrame({ kind: "input", bytes: piece }));
  }
  return frames;
}

/** Returns null for bytes that are no terminal frame. */
export function unpackTerminalFrame(packed: Uint8Array): TerminalFrame | null {
  if (packed.length < 1) return null;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  switch (view.getUint8(0)) {
    case OUTPUT:
      return packed.length < 9
        ? null
        : { kind: "output", offset: view.getFloat64(1), bytes: packed.subarray(9) };
    case SNAPSHOT:
      if (packed.length < 13) return null;
      return {
        kind: "snapshot",
        offset: view.getFloat64(1),
        cols: view.getUint16(9),
        rows: view.getUint16(11),
        bytes: packed.subarray(13),
      };
    case INPUT:
      return { kind: "input", bytes: packed.subarray(1) };
    default:
      return null;
  }
}
