import { SendHorizontal } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Session } from "../../../shared/model/session.ts";
import { sendMessage } from "../../client/send-message.ts";
import { Button } from "../../ui/button.tsx";
import { useAction } from "../../ui/use-action.ts";

/** Sends a message without typing into the terminal: the core refuses while a dialog is open, where keys would answer it. */
export function ReplyBox({
  session,
  onClose,
}: {
  readonly session: Session;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const { run, isBusy } = useAction();
  useEffect(() => box.current?.focus(), []);

  const send = () =>
    run(async () => {
      await sendMessage(session.id, text);
      onClose();
    });
  return (
    <form
      className="flex shrink-0 items-end gap-2 border-line border-t bg-sunken p-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") send();
      }}
    >
      <textarea
        ref={box}
        aria-label={`Reply to ${session.name}`}
        placeholder="Reply. Enter sends, Shift+Enter breaks the line."
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
      <Button
        isSmall
        kind="primary"
        type="submit"
        disabled={isBusy || text.trim() === ""}
        icon={<SendHorizontal size={13} />}
      >
        Send
      </Button>
    </form>
  );
}
