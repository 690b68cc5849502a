import type { ITheme } from "xterm";
import type { TerminalLook } from "../../shared/model/terminal-look.ts";

// The backgrounds are `--terminal` of ui/tokens.css, spelled out because xterm reads no CSS.
const light: ITheme = {
  background: "#fcfcfd",
  foreground: "#20252d",
  cursor: "#2456c8",
  cursorAccent: "#fcfcfd",
  selectionBackground: "#bfd2fb",
  scrollbarSliderBackground: "#5b657340",
  scrollbarSliderHoverBackground: "#5b657366",
  scrollbarSliderActiveBackground: "#5b657380",
  overviewRulerBorder: "#00000000",
  black: "#20252d",
  red: "#b3243a",
  green: "#14713f",
  yellow: "#8a5300",
  blue: "#2456c8",
  magenta: "#8a3fb0",
  cyan: "#0b6e82",
  white: "#6a7482",
  brightBlack: "#5b6573",
  brightRed: "#c9304a",
  brightGreen: "#1a864c",
  brightYellow: "#9c6100",
  brightBlue: "#3569de",
  brightMagenta: "#9d4fc4",
  brightCyan: "#0d8096",
  brightWhite: "#20252d",
};

const dark: ITheme = {
  background: "#0f1216",
  foreground: "#d7dde6",
  cursor: "#85aaff",
  cursorAccent: "#0f1216",
  selectionBackground: "#2f4878",
  scrollbarSliderBackground: "#8d98a840",
  scrollbarSliderHoverBackground: "#8d98a866",
  scrollbarSliderActiveBackground: "#8d98a880",
  overviewRulerBorder: "#00000000",
  black: "#2a313b",
  red: "#ff8790",
  green: "#6fd39a",
  yellow: "#f2c26a",
  blue: "#85aaff",
  magenta: "#cfa6ff",
  cyan: "#6fd0e0",
  white: "#c3ccd8",
  brightBlack: "#77828f",
  brightRed: "#ffa3aa",
  brightGreen: "#8ee3b2",
  brightYellow: "#ffd68a",
  brightBlue: "#a6c1ff",
  brightMagenta: "#dfc2ff",
  brightCyan: "#93e2ee",
  brightWhite: "#f4f7fb",
};

const NAMES = [
  ...(["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const),
  ...(["brightBlack", "brightRed", "brightGreen", "brightYellow"] as const),
  ...(["brightBlue", "brightMagenta", "brightCyan", "brightWhite"] as const),
];

/** Ours, or those that the person has chosen for this theme. */
export function coloursOf(look: TerminalLook, theme: "light" | "dark"): ITheme {
  const usual = theme === "light" ? light : dark;
  const scheme = look[theme];
  if (!scheme) return usual;
  const { background, foreground, cursor, selection, colours } = scheme;
  return {
    ...usual,
    background,
    foreground,
    cursor: cursor ?? foreground,
    cursorAccent: background,
    ...(selection ? { selectionBackground: selection } : {}),
    ...Object.fromEntries(NAMES.map((name, n) => [name, colours[n]])),
  };
}
