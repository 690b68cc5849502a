const ESCAPE = 0x1b;

/** Length of the longest beginning of `bytes` that does not end inside a UTF-8 character. Invalid bytes count as whole. */
export function cutAtCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    return back < lengthOfCharacter(byte) ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function lengthOfCharacter(first: number): number {
  if (first >= 0xf8) return 1;
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

/** Where the last control sequence or string in `bytes` begins: at an ESC, or at a C1 control in UTF-8. -1 when there is none. */
export function findLastIntroducer(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= 0; at--) {
    if (bytes[at] === ESCAPE) return at;
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xc2 && next >= 0x80 && next <= 0x9f) return at;
  }
  return -1;
}
