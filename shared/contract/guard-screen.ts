import { boundLinks, type LinkedScreen } from "./bound-links.ts";
import { boundedRules, type GraphemesAddon, type RuledScreen } from "./join-characters.ts";

interface Params {
  readonly length: number;
  readonly params: Int32Array;
}

interface StringParser {
  put(text: Uint32Array, from: number, to: number): void;
}

interface InnerBuffer {
  x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  savedY: number;
  readonly lines: {
    readonly length: number;
    maxLength: number;
    get(row: number): { resize(cols: number, fill: unknown): unknown } | undefined;
  };
  getNullCell(): unknown;
}

/** What xterm 6.0.0 keeps behind its public interface, in a window and headless alike. */
interface Inner extends LinkedScreen {
  readonly _bufferService: {
    readonly cols: number;
    readonly rows: number;
    readonly buffer: InnerBuffer;
    readonly buffers: { readonly normal: InnerBuffer; readonly alt: InnerBuffer };
    onResize(listener: () => void): unknown;
    scroll(eraseStyle: unknown, isWrapped?: boolean): void;
  };
  readonly _inputHandler: {
    eraseInDisplay(params: Params, isSelective: boolean): boolean;
    eraseChars(params: Params): boolean;
    readonly _parser: {
      readonly _oscParser: StringParser & {
        start(): void;
        end(isWhole: boolean, answer?: boolean): unknown;
      };
      readonly _dcsParser: StringParser & {
        hook(name: number, params: unknown): void;
        unhook(isWhole: boolean, answer?: boolean): unknown;
      };
    };
  };
  /** Unlike the public method it hands over the parser's own parameters, which may be changed in place. */
  registerCsiHandler(
    name: { readonly prefix?: string; readonly intermediates?: string; readonly final: string },
    handler: (params: Params) => boolean,
  ): void;
}

/** Characters of a title, colour, device string and the like: far more than any of them needs. */
const STRING_MAX = 256 * 1024;

/**
 * Keeps what a program prints from freezing or breaking an xterm 6.0.0 screen, and has it join characters as a reader sees them.
 * Call it once, on every screen that is fed from a session: the mirror and each window, so that both understand the same bytes
 * alike.
 *
 * - `CSI 99999999 S` and its like run for 8 s and longer. Counts are cut to what can make a difference on this screen, and
 *   repeats to one row: what asks for more asks again and again.
 * - A title, colour or device string is collected up to 10 MB and then costs half a second. One that is too long does nothing.
 * - Links that are never forgotten make each new line slower. The newest are kept.
 * - `CSI 1 J` with the cursor at the end of the last row, nothing scrolled yet, throws from xterm's own timer: the screen stops
 *   for good.
 * - A saved cursor goes up with its line until the lines above the screen are as many as are kept, and then stays; `CSI 3 J`
 *   moves it down by as many lines as it takes from there. Here it always goes with its line, so that it does not matter how many
 *   lines a window has.
 * - A terminal that becomes smaller keeps what no program knows of, and brings it back later: cells beside the alternate screen,
 *   lines above it when it is entered for the first time, and a saved cursor below either screen.
 */
export function guardScreen(screen: RuledScreen, graphemes: GraphemesAddon): void {
  const rules = boundedRules(graphemes);
  screen.unicode.register(rules);
  screen.unicode.activeVersion = rules.version;
  // The version of xterm is pinned; the tests of the mirror run into both faults when this no longer takes hold.
  const inner = (screen as unknown as { readonly _core: Inner })._core;
  clampCounts(inner);
  boundLinks(inner);
  boundStrings(inner);
  for (const isSelective of [false, true]) keepEraseInside(inner, isSelective);
  keepSavedCursor(inner);
  keepInsideWhenResized(inner);
}

function clampCounts(inner: Inner): void {
  const clamp = (final: string, most: () => number, intermediates?: string) => {
    const name = intermediates === undefined ? { final } : { intermediates, final };
    inner.registerCsiHandler(name, (params) => {
      if (params.length > 0 && (params.params[0] ?? 0) > most()) params.params[0] = most();
      // Not handled here: the built-in handler goes on with the smaller count.
      return false;
    });
  };
  const screen = inner._bufferService;
  for (const final of ["S", "T", "L", "M"]) clamp(final, () => screen.rows);
  for (const final of ["@", "P", "X", "Z", "I"]) clamp(final, () => screen.cols);
  for (const final of ["@", "A"]) clamp(final, () => screen.cols, " ");
  for (const final of ["}", "~"]) clamp(final, () => screen.cols, "'");
  clamp("b", () => screen.cols);
}

function boundStrings({ _inputHandler: { _parser: parser } }: Inner): void {
  const { _oscParser: osc, _dcsParser: dcs } = parser;
  let length = 0;
  const begin =
    <Args extends unknown[]>(start: (...args: Args) => void) =>
    (...args: Args) => {
      length = 0;
      start(...args);
    };
  const bound =
    (put: StringParser["put"]): StringParser["put"] =>
    (text, from, to) => {
      length += to - from;
      if (length <= STRING_MAX) put(text, from, to);
    };
  const finish =
    <Answer>(end: (isWhole: boolean, answer?: boolean) => Answer) =>
    (isWhole: boolean, answer?: boolean) =>
      end(isWhole && length <= STRING_MAX, answer);
  osc.start = begin(osc.start.bind(osc));
  dcs.hook = begin(dcs.hook.bind(dcs));
  for (const each of [osc, dcs]) each.put = bound(each.put.bind(each));
  osc.end = finish(osc.end.bind(osc));
  dcs.unhook = finish(dcs.unhook.bind(dcs));
}

function keepSavedCursor(inner: Inner): void {
  const screen = inner._bufferService;
  const scroll = screen.scroll.bind(screen);
  screen.scroll = (eraseStyle, isWrapped) => {
    const { buffer } = screen;
    const before = buffer.ybase;
    scroll(eraseStyle, isWrapped);
    const isInRegion = buffer.scrollTop > 0;
    if (buffer === screen.buffers.normal && !isInRegion && buffer.ybase === before) buffer.savedY--;
  };
  const eraseAbove = (params: Params) => {
    if (params.params[0] !== 3) return false;
    const { buffer } = screen;
    const row = buffer.savedY - buffer.ybase;
    inner._inputHandler.eraseInDisplay(params, false);
    buffer.savedY = buffer.ybase + row;
    return true;
  };
  inner.registerCsiHandler({ final: "J" }, eraseAbove);
  inner.registerCsiHandler({ prefix: "?", final: "J" }, eraseAbove);
}

function keepInsideWhenResized({ _bufferService: screen }: Inner): void {
  screen.onResize(() => {
    const { normal, alt } = screen.buffers;
    for (const buffer of [normal, alt]) {
      buffer.savedY = Math.min(buffer.savedY, buffer.ybase + screen.rows - 1);
    }
    if (alt.lines.length === 0) alt.lines.maxLength = screen.rows;
    const blank = alt.getNullCell();
    for (let row = 0; row < alt.lines.length; row++) alt.lines.get(row)?.resize(screen.cols, blank);
  });
}

function keepEraseInside(inner: Inner, isSelective: boolean): void {
  const name = isSelective ? { prefix: "?", final: "J" } : { final: "J" };
  inner.registerCsiHandler(name, (params) => {
    const { buffer, cols } = inner._bufferService;
    const isFatal =
      params.params[0] === 1 && buffer.x >= cols - 1 && buffer.y + 1 >= buffer.lines.length;
    if (!isFatal) return false;
    // The same in two steps: everything but the last cell, which is what touches the line that is not there, then that cell.
    const { x } = buffer;
    buffer.x = cols - 2;
    inner._inputHandler.eraseInDisplay(params, isSelective);
    buffer.x = cols - 1;
    if (!isSelective) inner._inputHandler.eraseChars({ length: 1, params: new Int32Array([1]) });
    buffer.x = x;
    return true;
  });
}
