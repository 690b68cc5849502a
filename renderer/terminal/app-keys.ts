interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/**
 * Keys that a focused terminal leaves to the app. Everywhere: Alt+1…9. On macOS all of Cmd; elsewhere only Ctrl+Shift+…,
 * Ctrl+Tab and the zoom keys, never a bare Ctrl+letter, which belongs to the program.
 */
export function isAppKey(press: KeyPress, isMac: boolean): boolean {
  if (press.altKey && !press.ctrlKey && !press.metaKey && /^[1-9]$/.test(press.key)) return true;
  if (isMac) return press.metaKey;
  if (!press.ctrlKey || press.altKey) return false;
  if (press.key === "Tab") return true;
  return press.shiftKey || /^[-+=0]$/.test(press.key);
}

/** Shift+Enter is a line break in the prompt: a raw line feed, which the program does not take as "send". */
export function isLineBreakKey(press: KeyPress): boolean {
  return (
    press.key === "Enter" && press.shiftKey && !press.ctrlKey && !press.altKey && !press.metaKey
  );
}
