import { create } from "zustand";

export const FONT_SIZE = { least: 8, usual: 12, most: 24 } as const;
const FONT_KEY = "switchyard.terminal-font";

interface TerminalSettings {
  readonly fontSize: number;
  readonly theme: "light" | "dark";
  /** Puts the text of terminals where screen readers find it; costs time with every line of output. */
  readonly isForScreenReader: boolean;
}

/** How this window draws its terminals. */
export const useTerminalSettings = create<TerminalSettings>(() => ({
  fontSize: storedFontSize(),
  theme: "dark",
  isForScreenReader: false,
}));

/** Zero brings the usual size back. */
export function zoomTerminals(by: -1 | 0 | 1): void {
  const { fontSize } = useTerminalSettings.getState();
  const wanted = by === 0 ? FONT_SIZE.usual : fontSize + by;
  const size = Math.min(FONT_SIZE.most, Math.max(FONT_SIZE.least, wanted));
  localStorage.setItem(FONT_KEY, String(size));
  useTerminalSettings.setState({ fontSize: size });
}

function storedFontSize(): number {
  const stored = Number(globalThis.localStorage?.getItem(FONT_KEY));
  return stored >= FONT_SIZE.least && stored <= FONT_SIZE.most ? stored : FONT_SIZE.usual;
}

/** Narrow panes get smaller letters, so that a prompt drawn for 80 columns still reads. */
export function fontSizeFor(paneWidthPx: number, fontSize: number): number {
  const less = paneWidthPx < 360 ? 3 : paneWidthPx < 520 ? 2 : paneWidthPx < 640 ? 1 : 0;
  return Math.max(FONT_SIZE.least, fontSize - less);
}
