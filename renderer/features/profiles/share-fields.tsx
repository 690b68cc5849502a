import type { Profile } from "../../../shared/model/profile.ts";
import { ShareableItem, type ShareOutcome } from "../../../shared/model/profile-sharing.ts";
import { Checkbox, SelectField } from "../../ui/field.tsx";
import { toastDone } from "../../ui/toasts.tsx";

const WORDS: Readonly<Record<ShareableItem, string>> = {
  skills: "Skills",
  commands: "Commands",
  agents: "Agents",
  "mcp-servers": "MCP servers",
  settings: "Settings",
};

export interface Sharing {
  readonly from: Profile["name"] | null;
  readonly items: readonly ShareableItem[];
}
export const NO_SHARING: Sharing = { from: null, items: ShareableItem.options };

/** What a new profile takes over from another: chosen piece by piece, and never a login, a key or a hook. */
export function ShareFields({
  profiles,
  value,
  onChange,
}: {
  readonly profiles: readonly Profile[];
  readonly value: Sharing;
  readonly onChange: (value: Sharing) => void;
}) {
  if (profiles.length === 0) return null;
  const toggle = (item: ShareableItem) =>
    onChange({
      ...value,
      items: value.items.includes(item)
        ? value.items.filter((each) => each !== item)
        : [...value.items, item],
    });
  return (
    <div className="flex flex-col gap-2">
      <SelectField
        label="Take over from"
        hint="Copied once. Never a login, a key or a hook; what is left out is said."
        value={value.from ?? ""}
        onChange={(event) => {
          const from = profiles.find(({ name }) => name === event.target.value)?.name ?? null;
          onChange({ ...value, from });
        }}
      >
        <option value="">Nothing</option>
        {profiles.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      {value.from !== null && (
        <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
          <legend className="sr-only">What to take over</legend>
          {ShareableItem.options.map((item) => (
            <Checkbox
              key={item}
              className="text-sm"
              isChecked={value.items.includes(item)}
              onChange={() => toggle(item)}
            >
              {WORDS[item]}
            </Checkbox>
          ))}
        </fieldset>
      )}
    </div>
  );
}

export function tellShared({ copied, leftOut }: ShareOutcome): void {
  const left = leftOut.map(({ what, why }) => `${what} (${why})`).join("; ");
  const done = copied.length === 0 ? "Nothing was taken over." : `Took over ${copied.join(", ")}.`;
  toastDone(left === "" ? done : `${done} Left out: ${left}.`);
}
