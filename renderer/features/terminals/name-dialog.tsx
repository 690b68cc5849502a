import { useState } from "react";
import type { Session } from "../../../shared/model/session.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { useAction } from "../../ui/use-action.ts";

/** The name and the labels by which a person finds a session again. */
export function NameDialog({
  session,
  onClose,
}: {
  readonly session: Session;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(session.name);
  const [labels, setLabels] = useState(session.labels.join(", "));
  const { run, isBusy } = useAction();
  const save = () =>
    run(async () => {
      const wanted = labels
        .split(",")
        .map((label) => label.trim())
        .filter(Boolean);
      const input = { session: session.id };
      if (name.trim() !== session.name) {
        await call("session.name", { ...input, name: name.trim() });
      }
      await call("session.label", { ...input, labels: wanted });
      onClose();
    });
  return (
    <Dialog
      title={`Name and labels of ${session.name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="name-form" disabled={isBusy}>
            Save
          </Button>
        </>
      }
    >
      <form
        id="name-form"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField
          label="Name"
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Labels"
          placeholder="frontend, careful"
          value={labels}
          hint="With commas between them; at most 20."
          onChange={(event) => setLabels(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
