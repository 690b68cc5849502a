const isMac = typeof navigator !== "undefined" && navigator.platform.startsWith("Mac");

const macSigns: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩" };
const arrows: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** `Mod+Shift+P` as the person's keyboard has it. */
export function keyParts(keys: string): readonly string[] {
  // The last plus of `Mod++` is the key itself.
  const parts = keys.endsWith("++") ? [...keys.slice(0, -2).split("+"), "+"] : keys.split("+");
  return parts.map((part) => {
    if (isMac && macSigns[part]) return macSigns[part];
    return arrows[part] ?? (part === "Mod" ? "Ctrl" : part);
  });
}

export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className="inline-flex shrink-0 gap-0.5">
      {keyParts(keys).map((part) => (
        <kbd
          key={part}
          className="min-w-4.5 rounded border border-line-strong/60 bg-sunken px-1 text-center font-sans text-2xs text-muted"
        >
          {part}
        </kbd>
      ))}
    </span>
  );
}
