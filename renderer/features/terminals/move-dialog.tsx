import { useState } from "react";
import { ProfileName } from "../../../shared/model/ids.ts";
import { isMovingIn } from "../../../shared/model/profile.ts";
import type { Session } from "../../../shared/model/session.ts";
import { MOVES_EXPLAINED } from "../../../shared/model/word-move.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/field.tsx";
import { toastDone } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";

/** Lets a conversation that waits for a limit go on at another profile; the core says what is in the way. */
export function MoveDialog({
  session,
  onClose,
}: {
  readonly session: Session;
  readonly onClose: () => void;
}) {
  const profiles = useMirror((mirror) => mirror.profiles);
  const others = profiles.filter(({ name }) => name !== session.profile);
  const [to, setTo] = useState((others.find(isMovingIn) ?? others[0])?.name);
  const { run, isBusy } = useAction();
  const move = () =>
    run(async () => {
      if (to === undefined) return;
      const taker = await call("session.move", { session: session.id, profile: to });
      toastDone(
        `The conversation goes on at ${taker.profile}. If that does not answer, it goes back.`,
      );
      onClose();
    });
  return (
    <Dialog
      title={`Move the conversation of ${session.name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="move-form"
            disabled={isBusy || to === undefined}
          >
            Move
          </Button>
        </>
      }
    >
      <form
        id="move-form"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          move();
        }}
      >
        {to === undefined ? (
          <p className="text-muted text-sm">There is no other profile. Add one first.</p>
        ) : (
          <SelectField
            label={`From ${session.profile} to`}
            value={to}
            onChange={(event) => setTo(ProfileName.parse(event.target.value))}
          >
            {others.map((profile) => (
              <option key={profile.name} value={profile.name}>
                {isMovingIn(profile)
                  ? profile.name
                  : `${profile.name} (takes none: see its settings)`}
              </option>
            ))}
          </SelectField>
        )}
        <p className="text-faint text-xs">{MOVES_EXPLAINED.slice(2).join(" ")}</p>
      </form>
    </Dialog>
  );
}
