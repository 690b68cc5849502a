const ESCAPE = 0x1b;

/** Where the last control sequence or string in `bytes` begins: at an ESC, or at a C1 control in UTF-8. -1 when there is none. */
export function findLastIntroducer(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= 0; at--) {
    if (bytes[at] === ESCAPE) return at;
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xc2 && next >= 0x80 && next <= 0x9f) return at;
  }
  return -1;
}
