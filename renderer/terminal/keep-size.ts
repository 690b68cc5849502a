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
  signal: AbortSignal,
): { readonly claim: () => void } {
  let told = "";
  let lastAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const refit = () => {
    if (signal.aborted || element.clientWidth === 0 || element.clientHeight === 0) return;
    const { terminal } = screen;
    terminal.options.fontSize = fontSizeFor(element.clientWidth, screen.session);
    const size = screen.proposeSize();
    if (!size) return;
    const wanted = `${size.cols}x${size.rows}`;
    // Its program may have taken the size of another window since: what it prints is for that.
    if (wanted === told) return;
    if (size.cols !== terminal.cols || size.rows !== terminal.rows) {
      terminal.resize(size.cols, size.rows);
    }
    if (!screen.tellSize) return;
    told = wanted;
    screen.tellSize(size.cols, size.rows);
  };
  const claim = () => {
    told = "";
    refit();
  };
  const soon = () => {
    const wait = lastAt + RESIZE_INTERVAL_MS - performance.now();
    if (timer !== null) return;
    if (wait <= 0) {
      lastAt = performance.now();
      refit();
      return;
    }
    timer = setTimeout(() => {
      timer = null;
      lastAt = performance.now();
      refit();
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
  const leave = () => {
    observer.disconnect();
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
  signal.addEventListener("abort", leave, { once: true });
  return { claim };
}
