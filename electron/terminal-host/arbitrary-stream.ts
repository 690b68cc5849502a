import fc from "fast-check";

const csi = (text: string) => `\x1b[${text}`;
const upTo = (most: number) => fc.nat({ max: most });
const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts);

const words = fc
  .tuple(
    oneOf("the quick brown fox jumps ", "lorem ipsum dolor sit amet "),
    fc.integer({ min: 1, max: 50 }),
  )
  .map(([text, length]) => text.repeat(2).slice(0, length));

/** What programs print most. */
const plain = [
  words,
  words,
  oneOf(
    "✳ ",
    "─╮",
    "日本",
    "漢",
    "e\u0301",
    "👍",
    "✅",
    "·",
    "…",
    "—",
    "👩‍👩‍👧",
    "☂️",
    "\u200b",
    "한",
    "\u00a0",
  ),
  // Parts of characters that are one only together, and what they meet.
  oneOf(
    "👩",
    "\u200d",
    "👧",
    "🇩",
    "🇪",
    "☂",
    "\ufe0f",
    "1",
    "\u20e3",
    "🏽",
    "\u0301",
    "ᄒ",
    "ᅡ",
    "ᆫ",
    "न",
    "ि",
    "\u0600",
  ),
  oneOf("\r\n", "\r\n", "\n", "\r", "\b", "\t"),
] as const;

const moves = [
  fc.tuple(upTo(12), upTo(40)).map(([row, column]) => csi(`${row};${column}H`)),
  fc.tuple(upTo(8), oneOf(..."ABCDEFGade`f")).map(([count, final]) => csi(`${count}${final}`)),
  oneOf(
    "\x1b7",
    "\x1b8",
    csi("s"),
    csi("u"),
    "\x1bD",
    "\x1bM",
    "\x1bE",
    "\x1bH",
    csi("g"),
    csi("3g"),
  ),
  fc.tuple(upTo(4), upTo(9)).map(([top, more]) => csi(`${top};${top + more}r`)),
  fc.constant(csi("r")),
] as const;

const edits = [
  fc.tuple(oneOf("", "", "?"), upTo(3), oneOf("J", "K")).map((drawn) => csi(drawn.join(""))),
  fc.tuple(upTo(4), oneOf(..."LMPX@STbZI")).map(([count, final]) => csi(`${count}${final}`)),
  fc.tuple(upTo(3), oneOf(" @", " A", "'}", "'~")).map(([count, final]) => csi(`${count}${final}`)),
] as const;

const plainStyles = [0, 1, 2, 3, 4, 5, 7, 8, 9, 21, 22, 23, 24, 25, 27, 28, 29, 39, 49, 53, 55, 59];
const styles = [
  fc.constantFrom(...plainStyles).map((code) => csi(`${code}m`)),
  fc.constant(csi("0m")),
  fc.tuple(upTo(7), upTo(7)).map(([fg, bg]) => csi(`${30 + fg};${40 + bg}m`)),
  upTo(7).map((fg) => csi(`${90 + fg};1;2m`)),
  fc.tuple(upTo(255), upTo(255)).map(([fg, bg]) => csi(`38;5;${fg}m`) + csi(`48;2;${bg};7;${fg}m`)),
  fc.tuple(upTo(5), upTo(255)).map(([kind, colour]) => csi(`4:${kind};58;5;${colour}m`)),
  upTo(1).map((on) => csi(`${on}"q`)),
] as const;

const MODES = [
  1, 6, 7, 12, 25, 45, 66, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 2031, 9,
];
const modes = [
  fc.tuple(fc.constantFrom(...MODES), oneOf("h", "l")).map(([mode, on]) => csi(`?${mode}${on}`)),
  fc
    .tuple(fc.constantFrom(47, 1047, 1048, 1049), oneOf("h", "l"))
    .map(([mode, on]) => csi(`?${mode}${on}`)),
  upTo(6).map((shape) => csi(`${shape} q`)),
  oneOf(csi("20h"), csi("20l"), csi("!p"), "\x1bc", "\x1b#8", "\x1b=", "\x1b>"),
  oneOf("\x1b(0lqk\x1b(B", "\x1b(0", "\x1b(B", "\x0e", "\x0f", "\x1b)0", "\x1b(A"),
] as const;

const strings = [
  upTo(9).map((n) => `\x1b]0;title ${n}\x07`),
  upTo(2).map((n) => `\x1b]8;;https://example.com/${n}\x1b\\link\x1b]8;;\x1b\\`),
  oneOf(
    "\x1bP$qm\x1b\\",
    "\x1b]10;?\x07",
    "\x1b]52;c;?\x07",
    "\x1b]52;c;aGk=\x07",
    "\x1b]133;A\x07",
    "\x1b]9;4;1;50\x07",
  ),
  // Nothing ends these but what comes next.
  oneOf(
    "\x1b]0;open",
    "\x1bPq#0",
    "\x1b_apc",
    "\x1bXsos",
    "\x1b^pm",
    "\x1b[12;",
    "\x1b[?",
    "\x1b",
    "\x9b31m",
    "\x18",
    "\x1a",
    "\x9c",
  ),
  oneOf(
    csi("c"),
    csi(">c"),
    csi("6n"),
    csi("5n"),
    csi("?6n"),
    csi("18t"),
    csi("?2026$p"),
    csi(">1u"),
    csi("<u"),
    csi("?u"),
    csi(">4;2m"),
  ),
] as const;

const text = fc
  .oneof(
    { weight: 8, arbitrary: fc.oneof(...plain) },
    { weight: 3, arbitrary: fc.oneof(...moves) },
    { weight: 2, arbitrary: fc.oneof(...edits) },
    { weight: 3, arbitrary: fc.oneof(...styles) },
    { weight: 2, arbitrary: fc.oneof(...modes) },
    { weight: 1, arbitrary: fc.oneof(...strings) },
  )
  .map((drawn): Uint8Array => Buffer.from(drawn));

const noise = fc.uint8Array({ minLength: 1, maxLength: 12 });
/** Bytes that begin, go on with and break characters, far more often than chance would. */
const brokenCharacters = fc
  .array(
    fc.constantFrom(
      0x41,
      0x80,
      0xbf,
      0xa6,
      0xc2,
      0xc0,
      0xe2,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0x9f,
      0xf4,
      0xff,
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((bytes) => Uint8Array.from(bytes));

/** One thing that a program tells its terminal, roughly as often as programs do, and now and then what none should. */
export const arbitraryPrint: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 40, arbitrary: text },
  { weight: 1, arbitrary: noise },
  { weight: 1, arbitrary: brokenCharacters },
);

export const arbitraryStream: fc.Arbitrary<Uint8Array> = fc
  .array(arbitraryPrint, { minLength: 1, maxLength: 60, size: "max" })
  .map((prints): Uint8Array => Buffer.concat(prints));
