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
