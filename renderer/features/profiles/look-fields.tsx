import { ProfileColour } from "../../../shared/model/profile.ts";
import { HUES } from "../../mirror/profile-hue.ts";
import { classNames } from "../../ui/class-names.ts";
import { hueOf } from "../../ui/name-chip.tsx";

/** A colour for a profile, or none: then it follows from its name. */
export function ColourField({
  name,
  value,
  onChange,
}: {
  readonly name: string;
  readonly value: ProfileColour | null;
  readonly onChange: (value: ProfileColour | null) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-muted text-xs">Colour on panes and meters</legend>
      <div className="flex flex-wrap gap-1.5">
        {[null, ...ProfileColour.options].map((colour) => (
          <label
            key={colour ?? "own"}
            title={colour ?? "Follows from its name"}
            className={classNames(
              "flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs",
              "has-focus-visible:outline-2 has-focus-visible:outline-accent",
              colour === value ? "border-accent text-ink" : "border-line text-muted hover:bg-hover",
            )}
          >
            <input
              type="radio"
              name="profile-colour"
              className="sr-only"
              checked={colour === value}
              onChange={() => onChange(colour)}
            />
            <span
              aria-hidden="true"
              className="size-3 rounded-[3px]"
              style={{
                background: `oklch(0.68 0.15 ${colour === null ? hueOf(name) : HUES[colour]})`,
              }}
            />
            {colour ?? "automatic"}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
