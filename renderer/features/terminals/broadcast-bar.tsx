import { Megaphone, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Session } from "../../../shared/model/session.ts";
import { toErrorShape } from "../../../shared/model/switchyard-error.ts";
import { sendMessage } from "../../client/send-message.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { sessionLook } from "../../mirror/state-look.ts";
import { preparePaste } from "../../terminal/safe-paste.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Checkbox } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { toastDone, toastError } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";
import { chooseReceiver, frameReceivers, openBroadcast, useBroadcast } from "./broadcast-store.ts";
import { type BroadcastResult, planBroadcast, wordBroadcast } from "./plan-broadcast.ts";

/** Writes one message to all terminals of the tab that are chosen. It is sent after a look at who gets it. */
export function BroadcastBar({ panes }: { readonly panes: readonly Session[] }) {
  const leftOut = useBroadcast((view) => view.leftOut);
  const asks = useMirror((mirror) => mirror.asks);
  const [text, setText] = useState("");
  const [isAsking, setIsAsking] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const { receivers, skipped } = planBroadcast(panes, asks, leftOut);
  // A list is told apart by what is in it.
  const reached = receivers.map(({ id }) => id).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the receivers are new with each look, and mostly the same.
  useEffect(() => frameReceivers(receivers.map(({ id }) => id)), [reached]);
  useEffect(() => () => frameReceivers([]), []);
  const message = preparePaste(text, true).text.trim();
  const canSend = message !== "" && receivers.length > 0;
  return (
    <section
      aria-label="Broadcast"
      className="mx-2 mb-2 flex shrink-0 flex-col gap-2 rounded-lg border-3 border-warn bg-surface p-2"
    >
      <div className="flex items-center gap-2 font-semibold text-sm text-warn">
        <Megaphone size={15} aria-hidden="true" />
        <span role="status">
          {receivers.length === 0
            ? "Nobody here can take a message now"
            : `What you send goes to ${formatCount(receivers.length, "terminal")}`}
          {skipped.length > 0 && `, ${skipped.length} skipped`}
        </span>
        <IconButton
          label="End the broadcast"
          isSmall
          className="ml-auto"
          onClick={() => openBroadcast(false)}
        >
          <X size={14} />
        </IconButton>
      </div>
      <Receivers panes={panes} />
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (canSend) setIsAsking(true);
        }}
      >
        <textarea
          ref={box}
          aria-label="Message to several terminals"
          placeholder="A message to all of them. Enter shows who gets it, Shift+Enter breaks the line."
          rows={2}
          maxLength={100_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") openBroadcast(false);
            if (event.key !== "Enter" || event.shiftKey) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
          className="min-w-0 flex-1 resize-none rounded-md border border-line-strong/80 bg-surface px-2 py-1 text-sm placeholder:text-faint"
        />
        <Button kind="primary" type="submit" disabled={!canSend}>
          Send to {receivers.length}…
        </Button>
      </form>
      {isAsking && (
        <ConfirmBroadcast
          message={message}
          receivers={receivers}
          skipped={skipped}
          onClose={() => setIsAsking(false)}
          onSent={() => {
            setIsAsking(false);
            setText("");
          }}
        />
      )}
    </section>
  );
}

function Receivers({ panes }: { readonly panes: readonly Session[] }) {
  const leftOut = useBroadcast((view) => view.leftOut);
  return (
    <fieldset
      aria-label="Receivers"
      className="flex max-h-14 flex-wrap gap-x-4 gap-y-1 overflow-y-auto"
    >
      {panes.map(({ id, name, state }) => (
        <Checkbox
          key={id}
          className="text-xs"
          isChecked={!leftOut.includes(id)}
          onChange={(isChosen) => chooseReceiver(id, isChosen)}
        >
          {name}
          <StateMark look={sessionLook[state]} />
        </Checkbox>
      ))}
    </fieldset>
  );
}

function ConfirmBroadcast({
  message,
  receivers,
  skipped,
  onClose,
  onSent,
}: ReturnType<typeof planBroadcast> & {
  readonly message: string;
  readonly onClose: () => void;
  readonly onSent: () => void;
}) {
  const titleOf = useTitles();
  const { run, isBusy } = useAction();
  const send = () =>
    run(async () => {
      const results = await Promise.all(receivers.map((session) => sendTo(session, message)));
      const words = wordBroadcast(results);
      if (results.every(({ kind }) => kind === "sent")) toastDone(words);
      else toastError(new Error(words));
      onSent();
    });
  return (
    <Dialog
      title={`Send to ${formatCount(receivers.length, "terminal")}?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" data-first-focus disabled={isBusy} onClick={send}>
            Send to {receivers.length}
          </Button>
        </>
      }
    >
      <pre className="max-h-40 overflow-y-auto whitespace-pre-wrap rounded-md bg-sunken p-2 font-mono text-xs">
        {message}
      </pre>
      <ul aria-label="Who gets it" className="mt-3 flex flex-col gap-1">
        {receivers.map((session) => (
          <li key={session.id} className="flex items-center gap-2">
            <StateMark look={sessionLook[session.state]} />
            <span className="truncate">{titleOf(session)}</span>
          </li>
        ))}
      </ul>
      {skipped.length > 0 && (
        <>
          <h3 className="mt-3 font-semibold text-muted text-xs">Skipped</h3>
          <ul aria-label="Who is skipped" className="mt-1 flex flex-col gap-1 text-muted">
            {skipped.map(({ session, why }) => (
              <li key={session.id} className="truncate">
                {titleOf(session)}: it {why}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function useTitles(): (session: Session) => string {
  const tasks = useMirror((mirror) => mirror.tasks);
  return ({ name, task }) => {
    const title = tasks.find(({ id }) => id === task)?.title;
    return title ? `${name} ${title}` : name;
  };
}

async function sendTo({ id, name }: Session, message: string): Promise<BroadcastResult> {
  try {
    await sendMessage(id, message);
    return { session: name, kind: "sent" };
  } catch (error) {
    return { session: name, kind: "refused", why: toErrorShape(error).message };
  }
}
