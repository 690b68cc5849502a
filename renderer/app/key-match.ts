interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Keys whose printed character changes with Shift or with the layout are found by their place as well. */
const CODES: Readonly<Record<string, string>> = { ".": "Period", "-": "Minus", "0": "Digit0" };

/** Whether `press` is what `keys` (as in `Mod+Shift+P`) spell. A single character is matched as it is produced. */
export function matchesKeys(press: KeyPress, keys: string, isMac: boolean): boolean {
  const parts = keys.endsWith("++") ? [...keys.slice(0, -2).split("+"), "+"] : keys.split("+");
  const key = parts.at(-1) ?? "";
  const wants = (name: string) => parts.slice(0, -1).includes(name);
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const otherMod = isMac ? press.ctrlKey : press.metaKey;
  if (mod !== wants("Mod") || otherMod || press.altKey !== wants("Alt")) return false;
  if (parts.length === 1) return press.key === key;
  // The plus sign is Shift on some keyboards and not on others.
  if (key === "+") return press.key === "+" || press.key === "=";
  if (press.shiftKey !== wants("Shift")) return false;
  if (wants("Alt") && /^\d$/.test(key)) return press.code === `Digit${key}` || press.key === key;
  return press.key.toLowerCase() === key.toLowerCase() || press.code === CODES[key];
}
