import graphemes from "@xterm/addon-unicode-graphemes";
import headless, { type Terminal } from "@xterm/headless";
import { guardScreen } from "../../shared/contract/guard-screen.ts";

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** A terminal without a window, which makes of a session's bytes what each window makes of them. */
export function newScreen({ cols, rows }: Size, scrollback = 5000): Terminal {
  const screen = new headless.Terminal({
    cols,
    rows,
    scrollback,
    allowProposedApi: true,
    logLevel: "off",
  });
  guardScreen(screen, new graphemes.UnicodeGraphemesAddon());
  return screen;
}
