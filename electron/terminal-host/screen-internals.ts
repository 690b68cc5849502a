import type { IBuffer, IBufferCell, Terminal } from "@xterm/headless";
import type { CharacterRules } from "../../shared/contract/join-characters.ts";

/** Colours and flags of a cell or of the pen, packed as xterm packs them. */
export interface CellStyle {
  readonly fg: number;
  readonly bg: number;
  readonly extended: {
    /** Underline style and colour. The public getter bends the style of links, so the raw number is read. */
    readonly _ext: number;
    readonly urlId: number;
  };
}
export type StyledCell = IBufferCell & CellStyle;

type Charset = Readonly<Record<string, string | undefined>> | undefined;

export interface InnerBuffer {
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Readonly<Record<number, boolean>>;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: { readonly fg: number; readonly bg: number };
  readonly savedCharset: Charset;
}

/** What xterm 6.0.0 keeps behind its public interface and a snapshot needs. */
export interface ScreenInternals {
  readonly _bufferService: {
    readonly buffers: { readonly normal: InnerBuffer; readonly alt: InnerBuffer };
  };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorBlink: boolean | undefined;
      readonly cursorStyle: "block" | "underline" | "bar" | undefined;
      readonly origin: boolean;
      readonly reverseWraparound: boolean;
      readonly sendFocus: boolean;
      readonly synchronizedOutput: boolean;
      readonly wraparound: boolean;
    };
  };
  readonly coreMouseService: {
    readonly activeProtocol: "NONE" | "X10" | "VT200" | "DRAG" | "ANY";
    readonly activeEncoding: "DEFAULT" | "SGR" | "SGR_PIXELS";
  };
  readonly _charsetService: {
    readonly charset: Charset;
    readonly glevel: number;
    readonly _charsets: readonly Charset[];
  };
  readonly unicodeService: Pick<CharacterRules, "charProperties">;
  readonly _oscLinkService: {
    getLinkData(id: number): { readonly id?: string; readonly uri: string } | undefined;
  };
  readonly _inputHandler: {
    readonly _curAttrData: CellStyle;
    readonly _parser: {
      readonly currentState: number;
      readonly precedingJoinState: number;
      reset(): void;
    };
    /** What `write` calls from a timer of its own, out of which nothing that it throws can be caught. */
    parse(bytes: string | Uint8Array): void;
    selectCharset(collectAndFinal: string): boolean;
  };
}

export function internalsOf(screen: Terminal): ScreenInternals {
  // The version of @xterm/headless is pinned, its bundle keeps property names, and the tests of the snapshot use every field.
  return (screen as unknown as { readonly _core: ScreenInternals })._core;
}

export function readCell(buffer: IBuffer, row: number, column: number): StyledCell | undefined {
  // A buffer's cell is xterm's CellData, which carries its style as plain numbers.
  return buffer.getLine(row)?.getCell(column) as StyledCell | undefined;
}
