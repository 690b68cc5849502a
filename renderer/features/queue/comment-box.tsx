import { Pencil, Trash2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { TextArea } from "../../ui/field.tsx";
import type { Draft } from "./comment-drafts.ts";

/** Stays in sight while the code beside it is scrolled sideways. */
const frame =
  "sticky left-0 scroll-my-12 w-[100cqw] max-w-3xl border-line border-y bg-surface px-3 py-2 font-sans";

/** Where a comment is written: Ctrl or Cmd with Enter keeps it, Escape closes. */
export function CommentBox({
  place,
  text,
  onKeep,
  onClose,
}: {
  /** In words, e.g. `src/a.ts:12`. */
  readonly place: string;
  readonly text: string;
  readonly onKeep: (text: string) => void;
  readonly onClose: () => void;
}) {
  const [written, setWritten] = useState(text);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, []);
  const keep = () => {
    if (written.trim() !== "") onKeep(written.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: takes the keys of the field and the buttons within.
    <div ref={box} className={frame} onKeyDown={onKeyDown}>
      <TextArea
        label={`Comment on ${place}`}
        rows={3}
        maxLength={4_000}
        value={written}
        autoFocus
        onChange={(event) => setWritten(event.target.value)}
      />
      <div className="mt-1.5 flex items-center gap-1.5">
        <Button isSmall kind="primary" disabled={written.trim() === ""} onClick={keep}>
          Keep comment
        </Button>
        <Button isSmall onClick={onClose}>
          Cancel
        </Button>
        <span className="ml-auto text-faint text-xs">Ctrl+Enter keeps it, Esc closes</span>
      </div>
    </div>
  );
}

export function CommentCard({
  draft,
  onEdit,
  onDrop,
}: {
  readonly draft: Draft;
  readonly onEdit: () => void;
  readonly onDrop: () => void;
}) {
  return (
    <div className={`${frame} flex items-start gap-2 shadow-[inset_3px_0_0_var(--accent)]`}>
      <p className="min-w-0 flex-1 whitespace-pre-wrap break-words text-sm">{draft.text}</p>
      <DraftButtons draft={draft} onEdit={onEdit} onDrop={onDrop} />
    </div>
  );
}

export function DraftButtons({
  draft,
  onEdit,
  onDrop,
}: {
  readonly draft: Draft;
  /** Null where there is no line any more to write it on. */
  readonly onEdit: (() => void) | null;
  readonly onDrop: () => void;
}) {
  const place = `${draft.file}:${draft.line}`;
  return (
    <span className="flex shrink-0 gap-0.5">
      {onEdit && (
        <IconButton isSmall label={`Edit the comment on ${place}`} onClick={onEdit}>
          <Pencil size={12} />
        </IconButton>
      )}
      <IconButton isSmall label={`Remove the comment on ${place}`} onClick={onDrop}>
        <Trash2 size={12} />
      </IconButton>
    </span>
  );
}
