import { classNames } from "./class-names.ts";

/** Turns by the golden angle never come near each other soon, so `max-1`, `max-2`, … differ. */
const GOLDEN_ANGLE = 137.508;

export function hueOf(name: string): number {
  const [, stem = name, number = "0"] = /^(.*?)(\d*)$/.exec(name) ?? [];
  let hash = 0;
  for (const letter of stem) hash = (hash * 31 + letter.charCodeAt(0)) % 360;
  return Math.round((hash + Number(number) * GOLDEN_ANGLE) % 360);
}

/** A name with a colour of its own, so that the eye finds what belongs together. */
export function NameChip({
  name,
  hue = hueOf(name),
  title,
  className,
}: {
  readonly name: string;
  /** In degrees; left out, it follows from the name. */
  readonly hue?: number | undefined;
  readonly title?: string;
  readonly className?: string;
}) {
  return (
    <span
      title={title}
      className={classNames(
        "inline-flex min-w-0 items-center gap-1.5 text-muted text-xs",
        className,
      )}
    >
      <span
        aria-hidden="true"
        className="size-2 shrink-0 rounded-[3px]"
        style={{ background: `oklch(0.68 0.15 ${hue})` }}
      />
      <span className="truncate">{name}</span>
    </span>
  );
}
