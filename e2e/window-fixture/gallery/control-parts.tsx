import { Command, Plus, Settings2 } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Button, ConfirmButton, IconButton } from "../../../renderer/ui/button.tsx";
import {
  BareInput,
  Checkbox,
  SelectField,
  TextArea,
  TextField,
} from "../../../renderer/ui/field.tsx";
import { SegmentedChoice } from "../../../renderer/ui/segmented-choice.tsx";
import { keysOf, type Part, state } from "./part.ts";

type Kind = NonNullable<ComponentProps<typeof Button>["kind"]>;
const kinds = keysOf<Kind>({ plain: true, primary: true, danger: true, ghost: true });

const nothing = () => undefined;

/** What is pressed, chosen and filled in. */
export const controlParts: readonly Part[] = [
  {
    name: "Button",
    states: [
      ...kinds.map((kind) => state(kind, <Button kind={kind}>New task</Button>)),
      ...kinds.map((kind) =>
        state(
          `${kind}, small`,
          <Button kind={kind} isSmall>
            New task
          </Button>,
        ),
      ),
      ...kinds.map((kind) =>
        state(
          `${kind}, disabled`,
          <Button kind={kind} disabled>
            New task
          </Button>,
        ),
      ),
      state("with an icon", <Button icon={<Plus size={14} />}>New task</Button>),
      state(
        "with an icon, small",
        <Button icon={<Plus size={13} />} isSmall>
          New task
        </Button>,
      ),
    ],
  },
  {
    name: "ConfirmButton",
    states: [
      state(
        "asks with a second press",
        <ConfirmButton confirmText="Cancel it?" onConfirm={nothing}>
          Cancel task
        </ConfirmButton>,
      ),
      state(
        "small",
        <ConfirmButton isSmall confirmText="Cancel it?" onConfirm={nothing}>
          Cancel task
        </ConfirmButton>,
      ),
      state(
        "disabled",
        <ConfirmButton disabled confirmText="Cancel it?" onConfirm={nothing}>
          Cancel task
        </ConfirmButton>,
      ),
    ],
  },
  {
    name: "IconButton",
    states: [
      state(
        "plain",
        <IconButton label="Project settings">
          <Settings2 size={15} />
        </IconButton>,
      ),
      state(
        "pressed",
        <IconButton label="Project settings, shown" isPressed>
          <Settings2 size={15} />
        </IconButton>,
      ),
      state(
        "small",
        <IconButton label="Palette" isSmall>
          <Command size={13} />
        </IconButton>,
      ),
      state(
        "disabled",
        <IconButton label="Palette, not now" disabled>
          <Command size={15} />
        </IconButton>,
      ),
    ],
  },
  {
    name: "SegmentedChoice",
    states: [
      state("of two", <Choice label="Theme of this part" texts={["Light", "Dark"]} />),
      state("of many", <Choice label="Panes" texts={["Auto", "1", "2", "3", "4", "5"]} />),
    ],
  },
  {
    name: "BareInput",
    states: [
      state("empty", <BareInput label="Filter" placeholder="Filter" />),
      state("filled", <BareInput label="Filter of tasks" defaultValue="time zone" />),
      state("disabled", <BareInput label="Filter, not now" defaultValue="time zone" disabled />),
    ],
  },
  {
    name: "TextField",
    states: [
      state("empty", <TextField label="Title" placeholder="What is to be done" />),
      state(
        "with a hint",
        <TextField label="Name" defaultValue="max-1" hint="As the command line calls it." />,
      ),
      state("of code", <TextField label="Check" defaultValue="npm test -- --run" isMono />),
      state("disabled", <TextField label="Folder" defaultValue="/home/you/shop" isMono disabled />),
    ],
  },
  {
    name: "TextArea",
    states: [
      state("empty", <TextArea label="Note" rows={3} placeholder="What its worker is told" />),
      state(
        "of code, with a hint",
        <TextArea
          label="Checks"
          rows={3}
          isMono
          defaultValue={"npm test\nnpm run lint"}
          hint="One command a line."
        />,
      ),
    ],
  },
  {
    name: "Checkbox",
    states: [
      state("off and on", <Boxes />),
      state(
        "disabled with what it is about",
        <fieldset disabled className="disabled:opacity-50">
          <Checkbox isChecked onChange={nothing}>
            Tell me in this window
          </Checkbox>
        </fieldset>,
      ),
    ],
  },
  {
    name: "SelectField",
    states: [
      state(
        "chosen",
        <SelectField
          label="Strategy"
          defaultValue="spread"
          hint="How one of the profiles is chosen."
        >
          <option value="spread">Spread</option>
          <option value="fill">Fill</option>
        </SelectField>,
      ),
      state(
        "disabled",
        <SelectField label="Profile" disabled>
          <option>max-1</option>
        </SelectField>,
      ),
    ],
  },
];

function Boxes() {
  const [isOn, setIsOn] = useState(true);
  return (
    <>
      <Checkbox isChecked={isOn} onChange={setIsOn}>
        A bell is shown at its pane for a moment
      </Checkbox>
      <Checkbox isChecked={!isOn} onChange={(isOff) => setIsOn(!isOff)}>
        No bell is shown
      </Checkbox>
    </>
  );
}

function Choice({ label, texts }: { readonly label: string; readonly texts: readonly string[] }) {
  const [value, setValue] = useState(texts[0] ?? "");
  return (
    <SegmentedChoice
      label={label}
      choices={texts.map((text) => [text, text] as const)}
      value={value}
      onChoose={setValue}
    />
  );
}
