import { useState } from "react";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { liveSessions } from "../../mirror/selectors.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { useAction } from "../../ui/use-action.ts";
import { askForHalt, useFleetView } from "./fleet-view-store.ts";

/** The second act before everything stops. */
export function HaltDialog() {
  const isAsking = useFleetView((view) => view.isAsking);
  return isAsking ? <AskForHalt /> : null;
}

function AskForHalt() {
  const live = useMirror((mirror) => liveSessions(mirror.sessions).length);
  const [reason, setReason] = useState("");
  const { run, isBusy } = useAction();
  const close = () => askForHalt(false);
  const halt = () =>
    run(async () => {
      const told = reason.trim();
      await call("fleet.halt", told === "" ? {} : { reason: told });
      close();
    });
  return (
    <Dialog
      title="Stop all sessions"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="danger" type="submit" form="halt-form" disabled={isBusy}>
            {isBusy
              ? "Stopping…"
              : live === 0
                ? "Stop all"
                : `Stop ${formatCount(live, "session")}`}
          </Button>
        </>
      }
    >
      <form
        id="halt-form"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          halt();
        }}
      >
        <p>
          Every session of every project is ended now, and until you resume no work goes out and
          none lands. What is in their worktrees stays, and their conversations go on where they
          were.
        </p>
        <TextField
          label="Why, if you like"
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
