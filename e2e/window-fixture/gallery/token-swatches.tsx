import { classNames } from "../../../renderer/ui/class-names.ts";

const COLOURS = [
  "canvas",
  "surface",
  "raised",
  "sunken",
  "hover",
  "line",
  "line-strong",
  "ink",
  "muted",
  "faint",
  "accent",
  "accent-solid",
  "busy",
  "good",
  "warn",
  "bad",
  "review",
  "quiet",
  "terminal",
  "added",
  "dropped",
];
// Whole class names, because Tailwind finds them by reading the source.
const SIZES = ["text-2xs", "text-xs", "text-sm", "text-base", "text-lg", "text-xl"];

/** The colours and sizes that every part is made of. */
export function TokenSwatches() {
  return (
    <section aria-label="Tokens" className="rounded-lg border border-line bg-surface p-4">
      <h2 className="mb-3 font-semibold text-base">Tokens</h2>
      <ul className="mb-4 flex flex-wrap gap-3">
        {COLOURS.map((name) => (
          <li key={name} className="w-20">
            <span
              className="block h-8 rounded border border-line-strong"
              style={{ background: `var(--${name})` }}
            />
            <span className="text-muted text-xs">{name}</span>
          </li>
        ))}
      </ul>
      <ul className="flex flex-wrap items-baseline gap-4">
        {SIZES.map((size) => (
          <li key={size} className={classNames(size)}>
            {size} <span className="font-mono">0123</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
