import { useEffect, useRef, useState } from "react";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { Button } from "../../ui/button.tsx";
import { useAction } from "../../ui/use-action.ts";
import type { Note } from "./inbox-view-store.ts";
import { isNoteReady, noteLabels, noteTitle, sendNote } from "./item-acts.ts";

/** The field under a card. Enter sends; a denial can go without a word. */
export function NoteBox({
  item,
  act,
  onClose,
}: {
  readonly item: InboxItem;
  readonly act: Note["act"];
  readonly onClose: () => void;
}) {
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const { run, isBusy } = useAction();
  useEffect(() => box.current?.focus(), []);
  const title = noteTitle(item, act);
  const isReady = isNoteReady(act, text);
  const label = noteLabels[act];
  return (
    <form
      className="flex items-end gap-2 border-line border-t bg-sunken px-4 py-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        run(async () => {
          await sendNote(item, act, text.trim());
          onClose();
        });
      }}
    >
      <textarea
        ref={box}
        aria-label={label}
        placeholder={`${label}. Enter sends, Shift+Enter breaks the line.`}
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
        className="min-w-0 flex-1 resize-none rounded-md border border-line-strong/80 bg-surface px-2 py-1 text-sm placeholder:text-faint"
      />
      <Button isSmall onClick={onClose}>
        Cancel
      </Button>
      <Button
        isSmall
        kind={act === "deny" && item.kind !== "plan" ? "danger" : "primary"}
        type="submit"
        disabled={isBusy || !isReady}
      >
        {title}
      </Button>
    </form>
  );
}
