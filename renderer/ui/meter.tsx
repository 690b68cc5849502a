import { classNames } from "./class-names.ts";
import { type Tone, toneFill } from "./tone.ts";

/** A filled bar with its value for screen readers; `value` null means that nothing is known yet. */
export function Meter({
  name,
  value,
  max,
  text,
  tone,
  className,
}: {
  readonly name: string;
  readonly value: number | null;
  readonly max: number;
  /** The value in words, e.g. "3 of 10". */
  readonly text: string;
  readonly tone: Tone;
  readonly className?: string;
}) {
  const share = value === null || max === 0 ? 0 : Math.min(1, value / max);
  return (
    // biome-ignore lint/a11y/useSemanticElements: <meter> cannot be styled alike in light and dark.
    <span
      role="meter"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={max}
      // The role must have a number; the text is what is read out, and says when nothing is known.
      aria-valuenow={value === null ? 0 : Math.min(value, max)}
      aria-valuetext={text}
      className={classNames(
        "relative inline-block h-1.5 overflow-hidden rounded-full",
        value === null ? "bg-line" : "bg-line-strong/45",
        className,
      )}
    >
      <span
        className={classNames("absolute inset-y-0 left-0 rounded-full", toneFill[tone])}
        style={{ width: `${share * 100}%` }}
      />
    </span>
  );
}

/** Quiet below 75 percent, a warning up to 95, then bad. */
export function toneOfShare(percent: number): Tone {
  if (percent >= 95) return "bad";
  return percent >= 75 ? "warn" : "busy";
}
