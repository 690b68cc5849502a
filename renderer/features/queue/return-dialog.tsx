import { useState } from "react";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextArea } from "../../ui/field.tsx";
import { useAction } from "../../ui/use-action.ts";
import { dropDrafts, useDraftsOf } from "./comment-drafts.ts";
import { returnText } from "./comment-list.tsx";
import { useSubjectOf } from "./use-subject-of.ts";

/** Sends work back with all comments on its lines, a note, or both: the worker gets one message. */
export function ReturnDialog({
  entry,
  onClose,
}: {
  readonly entry: QueueEntry;
  readonly onClose: () => void;
}) {
  const subject = useSubjectOf(entry);
  const drafts = useDraftsOf(subject).filter((draft) => !draft.isOutdated);
  const [note, setNote] = useState("");
  const { run, isBusy } = useAction();
  const send = async () => {
    const comments = drafts.map(({ file, line, side, quote, text }) => ({
      ...{ file, line, side, quote, text },
    }));
    const sent = comments.length > 0 ? { comments } : {};
    await call("queue.return", { entry: entry.id, note: note.trim(), ...sent });
    dropDrafts(
      subject,
      drafts.map(({ id }) => id),
    );
    onClose();
  };
  return (
    <Dialog
      title={`Return ${entry.id} to its worker`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={isBusy || (note.trim() === "" && drafts.length === 0)}
            onClick={() => run(send)}
          >
            {drafts.length === 0 ? "Return" : returnText(drafts.length)}
          </Button>
        </>
      }
    >
      {drafts.length > 0 && (
        <ul
          aria-label="Comments that are sent"
          className="mb-3 max-h-56 overflow-y-auto rounded-md border border-line"
        >
          {drafts.map((draft) => (
            <li key={draft.id} className="border-line border-b px-3 py-1.5 text-sm last:border-b-0">
              <span className="break-all font-mono text-faint text-xs">
                {draft.file}:{draft.line}
              </span>
              <p className="whitespace-pre-wrap break-words">{draft.text}</p>
            </li>
          ))}
        </ul>
      )}
      <TextArea
        label={drafts.length === 0 ? "What has to change" : "About the whole, if you like"}
        hint="The worker goes on in the same conversation and reads this first."
        rows={drafts.length === 0 ? 6 : 3}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </Dialog>
  );
}
