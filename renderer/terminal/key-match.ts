import { parseKeys } from "../../shared/model/key-actions.ts";

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Keys whose printed character changes with Shift or with the layout are found by their place as well. */
const CODES: Readonly<Record<string, string>> = {
  ".": "Period",
  "-": "Minus",
  "0": "Digit0",
  "[": "BracketLeft",
  "]": "BracketRight",
  Space: "Space",
};

/** Whether `press` is what `keys` (as in `Mod+Shift+P`) spell. A single character is matched as it is produced. */
export function matchesKeys(press: KeyPress, keys: string, isMac: boolean): boolean {
  const chord = parseKeys(keys);
  if (!chord) return false;
  const { modifiers, key } = chord;
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const otherMod = isMac ? press.ctrlKey : press.metaKey;
  const isAlt = modifiers.has("Alt");
  if (mod !== modifiers.has("Mod") || otherMod || press.altKey !== isAlt) return false;
  if (modifiers.size === 0 && key.length === 1) return press.key === key;
  // The plus sign is Shift on some keyboards and not on others.
  if (key === "+" && !modifiers.has("Shift")) return press.key === "+" || press.key === "=";
  if (press.shiftKey !== modifiers.has("Shift")) return false;
  if (/^\d$/.test(key) && press.code === `Digit${key}`) return true;
  return press.key.toLowerCase() === key.toLowerCase() || press.code === CODES[key];
}
