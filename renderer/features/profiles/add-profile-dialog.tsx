import { useState } from "react";
import { describeIssues } from "../../../shared/contract/rpc.ts";
import { ProfileName } from "../../../shared/model/ids.ts";
import { PlanTier, type ProfileColour, STARTING_CAPS } from "../../../shared/model/profile.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { toastError } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";
import { BrowserField } from "./edit-profile-dialog.tsx";
import { ColourField } from "./look-fields.tsx";
import { openProfileDialog, signIn } from "./profiles-view-store.ts";
import { NO_SHARING, ShareFields, tellShared } from "./share-fields.tsx";

export function AddProfileDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [plan, setPlan] = useState<PlanTier>("max");
  const [cap, setCap] = useState("");
  const [dir, setDir] = useState("");
  const [executable, setExecutable] = useState("");
  const [colour, setColour] = useState<ProfileColour | null>(null);
  const [browser, setBrowser] = useState("");
  const [sharing, setSharing] = useState(NO_SHARING);
  const profiles = useMirror((mirror) => mirror.profiles);
  const { run, isBusy } = useAction();

  const add = () =>
    run(async () => {
      const parsed = ProfileName.safeParse(name.trim());
      if (!parsed.success) throw new SwitchyardError("bad-input", describeIssues(parsed.error));
      const made = await call("profile.add", {
        name: parsed.data,
        plan,
        ...(cap === "" ? {} : { cap: Number(cap) }),
        ...(dir.trim() === "" ? {} : { dir: dir.trim() }),
        ...(executable.trim() === "" ? {} : { executable: executable.trim() }),
        ...(browser.trim() === "" ? {} : { browser: browser.trim() }),
        colour,
      });
      const { from, items } = sharing;
      if (from !== null && items.length > 0)
        // The profile is there, so what hinders this is told and no reason to ask for it all again.
        await call("profile.share", { name: made.name, from, items: [...items] }).then(
          tellShared,
          toastError,
        );
      openProfileDialog(null);
      if (made.state !== "ready") signIn(made.name);
    });
  return (
    <Dialog
      title="Add profile"
      width="max-w-2xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="profile-form" disabled={isBusy}>
            Add and sign in
          </Button>
        </>
      }
    >
      <form
        id="profile-form"
        // The core's own sentences say more than the browser's.
        noValidate
        className="flex flex-col gap-3.5"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <div className="flex gap-3">
          <TextField
            label="Name"
            required
            maxLength={40}
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
            placeholder="max-1"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
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
            label="Sessions at once"
            type="number"
            min={1}
            max={100}
            placeholder={String(STARTING_CAPS[plan])}
            value={cap}
            onChange={(event) => setCap(event.target.value)}
          />
        </div>
        <ColourField name={name.trim()} value={colour} onChange={setColour} />
        <ShareFields profiles={profiles} value={sharing} onChange={setSharing} />
        <BrowserField value={browser} onChange={setBrowser} />
        <div className="flex gap-3">
          <TextField
            label="Config folder"
            isMono
            placeholder="A new one, made for this profile"
            value={dir}
            hint="Name a folder to use one that exists; it is never moved."
            onChange={(event) => setDir(event.target.value)}
          />
          <TextField
            label="Executable"
            isMono
            placeholder="claude, as found on the PATH"
            value={executable}
            onChange={(event) => setExecutable(event.target.value)}
          />
        </div>
        <p className="text-faint text-xs">
          Switchyard starts the official program with logins you made yourself. Use only accounts
          you personally hold, within your plan's terms.
        </p>
      </form>
    </Dialog>
  );
}
