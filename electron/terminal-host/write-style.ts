import type { CellStyle, ScreenInternals } from "./screen-internals.ts";

// Bits of a cell's style, from xterm's src/common/buffer/Constants.ts.
const COLOUR_MODE = 0x3000000;
const PALETTE_16 = 0x1000000;
const PALETTE_256 = 0x2000000;
const RGB = 0x3000000;
const INVERSE = 0x4000000;
const BOLD = 0x8000000;
const UNDERLINE = 0x10000000;
const BLINK = 0x20000000;
const INVISIBLE = 0x40000000;
const STRIKETHROUGH = 0x80000000;
const ITALIC = 0x4000000;
const DIM = 0x8000000;
const HAS_EXTENDED = 0x10000000;
const PROTECTED = 0x20000000;
const OVERLINE = 0x40000000;

/** Background colour with its mode: all that erasing leaves in a cell. */
export const BACKGROUND = 0x3ffffff;

export interface Pen {
  readonly fg: number;
  readonly bg: number;
  readonly underline: number;
  readonly link: number;
}
export const PLAIN: Pen = { fg: 0, bg: 0, underline: 0, link: 0 };

export function penOf(style: CellStyle): Pen {
  const isExtended = (style.bg & HAS_EXTENDED) !== 0;
  return {
    fg: style.fg,
    bg: style.bg & ~HAS_EXTENDED,
    underline: isExtended ? style.extended._ext & ~0xe0000000 : 0,
    link: isExtended ? style.extended.urlId : 0,
  };
}

export function isSamePen(one: Pen, other: Pen): boolean {
  return (
    one.fg === other.fg &&
    one.bg === other.bg &&
    one.underline === other.underline &&
    one.link === other.link
  );
}

/** True for a style that a cell without a character has to keep, beyond its background: it shows, or keeps it from `CSI ? J`. */
export function isSeenOnBlank(pen: Pen): boolean {
  return (
    (pen.fg & (INVERSE | UNDERLINE | STRIKETHROUGH)) !== 0 ||
    (pen.bg & (OVERLINE | PROTECTED)) !== 0 ||
    pen.link !== 0
  );
}

/** The control sequences that turn pen `from` into `to`. All attributes are set anew, so that none hides another. */
export function writeStyle(from: Pen, to: Pen, internals: ScreenInternals): string {
  let text = "";
  if (from.link !== to.link) {
    const link = to.link === 0 ? undefined : internals._oscLinkService.getLinkData(to.link);
    const id = link?.id === undefined ? "" : `id=${link.id}`;
    text += `\x1b]8;${id};${link?.uri ?? ""}\x1b\\`;
  }
  text += `\x1b[${["0", ...graphics(to)].join(";")}m`;
  if (to.bg & PROTECTED) text += '\x1b[1"q';
  return text;
}

function graphics(pen: Pen): string[] {
  const codes: string[] = [];
  if (pen.fg & BOLD) codes.push("1");
  if (pen.bg & DIM) codes.push("2");
  if (pen.bg & ITALIC) codes.push("3");
  if (pen.fg & UNDERLINE) codes.push(`4:${(pen.underline >> 26) & 7 || 1}`);
  if (pen.fg & BLINK) codes.push("5");
  if (pen.fg & INVERSE) codes.push("7");
  if (pen.fg & INVISIBLE) codes.push("8");
  if (pen.fg & STRIKETHROUGH) codes.push("9");
  if (pen.bg & OVERLINE) codes.push("53");
  codes.push(...colour(pen.fg, 30, 38), ...colour(pen.bg, 40, 48), ...colour(pen.underline, 0, 58));
  return codes;
}

/** `base` is where the first eight colours start; underlines know none of these. */
function colour(packed: number, base: number, extendedCode: number): string[] {
  const index = packed & 0xff;
  switch (packed & COLOUR_MODE) {
    case PALETTE_16:
      return [String(index < 8 ? base + index : base + 60 + (index & 7))];
    case PALETTE_256:
      return [`${extendedCode};5;${index}`];
    case RGB:
      return [`${extendedCode};2;${(packed >> 16) & 0xff};${(packed >> 8) & 0xff};${index}`];
    default:
      return [];
  }
}
