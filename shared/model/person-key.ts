/** A key of the person's that can decide something in a session's pane. Which number it was is nobody's concern. */
export type PersonKey = "Esc" | "Ctrl-C" | "Enter" | "number";

const ESC = 0x1b;
const CTRL_C = 0x03;
const ENTER = 0x0d;
const ONE = 0x31;
const NINE = 0x39;

/** The key that was pressed alone; null for everything else that is typed or pasted, which nobody keeps. */
export function nameKey(typed: Uint8Array): PersonKey | null {
  const [code] = typed;
  if (code === undefined || typed.length > 1) return null;
  if (code === ESC) return "Esc";
  if (code === CTRL_C) return "Ctrl-C";
  if (code === ENTER) return "Enter";
  return code >= ONE && code <= NINE ? "number" : null;
}
