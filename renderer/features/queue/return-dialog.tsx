import { useState } from "react";
import type { EntryId } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextArea } from "../../ui/field.tsx";
import { useAction } from "../../ui/use-action.ts";

export function ReturnDialog({
  entry,
  onClose,
}: {
  readonly entry: EntryId;
  readonly onClose: () => void;
}) {
  const [note, setNote] = useState("");
  const { run, isBusy } = useAction();
  return (
    <Dialog
      title={`Return ${entry} to its worker`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={isBusy || note.trim() === ""}
            onClick={() =>
              run(async () => {
                await call("queue.return", { entry, note: note.trim() });
                onClose();
              })
            }
          >
            Return
          </Button>
        </>
      }
    >
      <TextArea
        label="What has to change"
        hint="The worker goes on in the same conversation and reads this first."
        rows={6}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </Dialog>
  );
}
