import { useState } from "react";
import { PlanTier, type Profile } from "../../../shared/model/profile.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { toastDone } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";
import { ColourField } from "./look-fields.tsx";
import { MovesField } from "./moves-field.tsx";
import { NO_SHARING, ShareFields, tellShared } from "./share-fields.tsx";

/** What can be changed of a profile. Its name and its folder never do: the login hangs on them. */
export function EditProfileDialog({
  profile,
  onClose,
}: {
  readonly profile: Profile;
  readonly onClose: () => void;
}) {
  const { name } = profile;
  const others = useMirror((mirror) => mirror.profiles);
  const [plan, setPlan] = useState(profile.plan);
  const [colour, setColour] = useState(profile.colour);
  const [browser, setBrowser] = useState(profile.browser ?? "");
  const [moves, setMoves] = useState(profile.moves);
  const [executable, setExecutable] = useState(profile.executable ?? "");
  const [wrapper, setWrapper] = useState("");
  const [sharing, setSharing] = useState(NO_SHARING);
  const { run, isBusy } = useAction();

  const save = () =>
    run(async () => {
      await call("profile.set", {
        name,
        colour,
        browser: browser.trim(),
        ...(plan === profile.plan ? {} : { plan }),
        ...(moves === profile.moves ? {} : { moves }),
        ...(executable.trim() === (profile.executable ?? "")
          ? {}
          : { executable: executable.trim() }),
      });
      const { from, items } = sharing;
      if (from !== null && items.length > 0)
        tellShared(await call("profile.share", { name, from, items: [...items] }));
      onClose();
    });
  return (
    <Dialog
      title={`Edit ${name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="profile-form" disabled={isBusy}>
            Save
          </Button>
        </>
      }
    >
      <form
        id="profile-form"
        noValidate
        className="flex flex-col gap-3.5"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div className="flex gap-3">
          <SelectField
            label="Plan"
            value={plan}
            onChange={(event) => setPlan(PlanTier.parse(event.target.value))}
          >
            {PlanTier.options.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </SelectField>
          <TextField
            label="Executable"
            isMono
            placeholder="claude, as found on the PATH"
            value={executable}
            onChange={(event) => setExecutable(event.target.value)}
          />
        </div>
        <ColourField name={name} value={colour} onChange={setColour} />
        <MovesField isOwnFolder={profile.dir === null} value={moves} onChange={setMoves} />
        <BrowserField value={browser} onChange={setBrowser} />
        {profile.dir !== null && (
          <ShareFields
            profiles={others.filter((other) => other.name !== name)}
            value={sharing}
            onChange={setSharing}
          />
        )}
        <div className="flex items-end gap-2">
          <TextField
            label="Wrapper script"
            isMono
            placeholder={`~/bin, or a file; starts Claude Code as ${name}`}
            value={wrapper}
            onChange={(event) => setWrapper(event.target.value)}
          />
          <Button
            disabled={isBusy || wrapper.trim() === ""}
            onClick={() =>
              run(async () => {
                const { file } = await call("profile.wrapper", { name, out: wrapper.trim() });
                toastDone(`Wrote ${file}.`);
              })
            }
          >
            Write it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function BrowserField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextField
      label="Browser for its sign-in"
      isMono
      placeholder="None: the page is offered to open, copy or scan"
      hint={
        <>
          A command on the machine that runs Switchyard, e.g. <code>firefox -P work</code>. A
          browser profile of its own keeps accounts apart.
        </>
      }
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
