import { classNames } from "./class-names.ts";

/** A choice of few, all in view. */
export function SegmentedChoice<Value extends string>({
  label,
  choices,
  value,
  onChoose,
}: {
  readonly label: string;
  readonly choices: readonly (readonly [value: Value, text: string])[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <fieldset
      aria-label={label}
      className="flex shrink-0 overflow-hidden rounded-md border border-line-strong/70 bg-raised"
    >
      {choices.map(([choice, text]) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === value}
          onClick={() => onChoose(choice)}
          className={classNames(
            "h-6.5 px-2.5 text-xs -outline-offset-2 hover:bg-hover",
            choice === value ? "bg-hover font-semibold text-accent" : "text-muted",
          )}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}
