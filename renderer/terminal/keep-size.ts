import type { Screen } from "./open-screen.ts";
import { fontSizeFor, useTerminalSettings } from "./terminal-settings.ts";

/** Ink programs leave duplicates in the scrollback at each change, so a drag of the window's edge must not send a hundred. */
const RESIZE_INTERVAL_MS = 100;

/**
 * Keeps the terminal as large as its element, leading edge first, then at most every 100 ms. Only a change of layout or the return
 * to this window asks for a size, so that two windows on one session do not fight over it.
 */
export function keepSize(
  screen: Screen,
  element: HTMLElement,
  tell: (cols: number, rows: number) => void,
  signal: AbortSignal,
): { readonly claim: () => void } {
  let told = "";
  let lastAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const claim = () => {
    if (signal.aborted || element.clientWidth === 0 || element.clientHeight === 0) return;
    const { terminal } = screen;
    terminal.options.fontSize = fontSizeFor(
      element.clientWidth,
      useTerminalSettings.getState().fontSize,
    );
    const size = screen.proposeSize();
    if (!size) return;
    if (size.cols !== terminal.cols || size.rows !== terminal.rows) {
      terminal.resize(size.cols, size.rows);
    }
    const wanted = `${size.cols}x${size.rows}`;
    if (wanted === told) return;
    told = wanted;
    tell(size.cols, size.rows);
  };
  const soon = () => {
    const wait = lastAt + RESIZE_INTERVAL_MS - performance.now();
    if (timer !== null) return;
    if (wait <= 0) {
      lastAt = performance.now();
      return claim();
    }
    timer = setTimeout(() => {
      timer = null;
      lastAt = performance.now();
      claim();
    }, wait);
  };
  const reclaim = () => {
    told = "";
    soon();
  };

  const observer = new ResizeObserver(soon);
  observer.observe(element);
  window.addEventListener("focus", reclaim, { signal });
  const unsubscribe = useTerminalSettings.subscribe(soon);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  });
  return { claim };
}
