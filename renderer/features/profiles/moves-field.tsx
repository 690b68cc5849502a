import { Moves } from "../../../shared/model/profile.ts";
import { MOVES_EXPLAINED, MOVES_WORDS } from "../../../shared/model/word-move.ts";
import { SelectField } from "../../ui/field.tsx";

/** Whether conversations go on elsewhere when a limit stops them, with what that means where it is switched on. */
export function MovesField({
  value,
  isOwnFolder,
  onChange,
}: {
  readonly value: Moves;
  /** The person's own ~/.claude: nothing is put into it. */
  readonly isOwnFolder: boolean;
  readonly onChange: (value: Moves) => void;
}) {
  const choices = Moves.options.filter((each) => !isOwnFolder || each === "none" || each === "out");
  return (
    <SelectField
      label="Conversations at a limit"
      value={value}
      hint={MOVES_EXPLAINED.join(" ")}
      onChange={(event) => onChange(Moves.parse(event.target.value))}
    >
      {choices.map((each) => (
        <option key={each} value={each}>
          {MOVES_WORDS[each].replace(/^./, (first) => first.toUpperCase())}
        </option>
      ))}
    </SelectField>
  );
}
