import { Undo2 } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { DraftButtons } from "./comment-box.tsx";
import type { Draft } from "./comment-drafts.ts";

/** All comments that have not been sent, and the way to send them. */
export function CommentList({
  drafts,
  onShow,
  onEdit,
  onDrop,
  onReturn,
}: {
  readonly drafts: readonly Draft[];
  readonly onShow: (draft: Draft) => void;
  readonly onEdit: (draft: Draft) => void;
  readonly onDrop: (draft: Draft) => void;
  /** Null while the entry cannot go back. */
  readonly onReturn: (() => void) | null;
}) {
  const current = drafts.filter((draft) => !draft.isOutdated);
  const outdatedCount = drafts.length - current.length;
  return (
    <section aria-label="Comments" className="rounded-md border border-line">
      <header className="flex items-center gap-2 bg-sunken px-3 py-1.5 text-xs">
        <h3 className="font-semibold">{formatCount(drafts.length, "comment")}</h3>
        <span className="min-w-0 flex-1 text-faint">
          {outdatedCount > 0
            ? `${outdatedCount} outdated: the line is not there any more, so it is not sent`
            : "Not sent yet"}
        </span>
        {onReturn && current.length > 0 && (
          <Button isSmall kind="primary" icon={<Undo2 size={13} />} onClick={onReturn}>
            {returnText(current.length)}
          </Button>
        )}
      </header>
      <ul className="max-h-56 overflow-y-auto">
        {drafts.map((draft) => (
          <li key={draft.id} className="flex items-start gap-2 border-line border-t px-3 py-1.5">
            <div className="min-w-0 flex-1 text-sm">
              {draft.isOutdated ? (
                <span className="break-all font-mono text-faint text-xs line-through">
                  {draft.file}:{draft.line}
                </span>
              ) : (
                <button
                  type="button"
                  className="max-w-full break-all text-left font-mono text-accent text-xs hover:underline"
                  onClick={() => onShow(draft)}
                >
                  {draft.file}:{draft.line}
                </button>
              )}
              {draft.isOutdated && <span className="ml-2 text-warn text-xs">Outdated</span>}
              <p className="line-clamp-2 break-words text-muted">{draft.text}</p>
            </div>
            <DraftButtons
              draft={draft}
              onEdit={draft.isOutdated ? null : () => onEdit(draft)}
              onDrop={() => onDrop(draft)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function returnText(count: number): string {
  return count === 0 ? "Return with a note" : `Return with ${formatCount(count, "comment")}`;
}
