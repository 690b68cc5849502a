import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { formatCount } from "../../ui/format-amount.ts";
import { type Draft, dropDrafts, keepDraft, replaceDrafts, useDraftsOf } from "./comment-drafts.ts";
import { CommentList } from "./comment-list.tsx";
import { countLines, FileDiff } from "./diff-file.tsx";
import { DiffFiles } from "./diff-files.tsx";
import type { LineActs, Writing } from "./diff-lines.tsx";
import { nextFileSpot, nextSpot, placeOf, type Spot, spotOf } from "./diff-spots.ts";
import { parseDiff } from "./parse-diff.ts";
import { placeDrafts, quoteOf } from "./place-drafts.ts";

/** More than this in one file is drawn only when asked for. */
const LINES_SHOWN_MAX = 800;
const none: readonly Draft[] = [];

/** A diff of which each line can be commented, by mouse and by keys. */
export function DiffView({
  patch,
  isCut,
  subject,
  canComment,
  onReturn,
}: {
  readonly patch: string;
  readonly isCut: boolean;
  /** What comments are kept under. */
  readonly subject: string;
  readonly canComment: boolean;
  readonly onReturn: () => void;
}) {
  const files = useMemo(() => parseDiff(patch), [patch]);
  const drafts = useDraftsOf(subject);
  const draftsByFile = useMemo(() => Map.groupBy(drafts, (draft) => draft.file), [drafts]);
  const view = useRef<HTMLDivElement>(null);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [whole, setWhole] = useState<ReadonlySet<number>>(
    () => new Set(files.flatMap((file, n) => (countLines(file) <= LINES_SHOWN_MAX ? [n] : []))),
  );
  const [chosen, setChosen] = useState<Spot | null>(null);
  const [writing, setWriting] = useState<Writing | null>(null);
  const isShown = (file: number) => whole.has(file) && !folded.has(file);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown is those two.
  const first = useMemo(() => nextSpot(files, isShown, null, 1), [files, whole, folded]);
  const cursor = canComment ? (chosen ?? first) : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: comments are placed anew for another diff only.
  useEffect(() => {
    if (drafts.length > 0) replaceDrafts(subject, placeDrafts(files, drafts));
  }, [files, subject]);
  // The keyboard goes where the person went, once it is drawn.
  useEffect(() => {
    if (chosen !== null && writing === null) focusCurrent(view.current);
  }, [chosen, writing]);

  const toggle = useCallback((file: number, isOpen: boolean) => {
    setFolded((now) => (now.has(file) === !isOpen ? now : changed(now, file, !isOpen)));
  }, []);
  const showWhole = useCallback((file: number) => {
    setWhole((now) => changed(now, file, true));
  }, []);
  const acts = useMemo((): LineActs | null => {
    if (!canComment) return null;
    const write = (next: Writing) => {
      setChosen(next.spot);
      setWriting(next);
    };
    return {
      open: (spot) => write({ spot, draft: null }),
      edit: (draft) => {
        const spot = spotOf(files, draft);
        if (spot) write({ spot, draft });
      },
      drop: (draft) => dropDrafts(subject, [draft.id]),
      keep: (spot, draft, text) => {
        const found = files[spot.file];
        const line = found?.hunks[spot.hunk]?.lines[spot.index];
        const place = line ? placeOf(line) : null;
        if (!found || !line || !place) return;
        const id = draft?.id ?? crypto.randomUUID();
        const own = { id, file: found.path, ...place, quote: quoteOf(line.text), text };
        keepDraft(subject, { ...own, isOutdated: false });
        setWriting(null);
      },
      close: () => setWriting(null),
    };
  }, [canComment, files, subject]);

  const show = (draft: Draft) => {
    const spot = spotOf(files, draft);
    if (!spot) return;
    toggle(spot.file, true);
    showWhole(spot.file);
    setWriting(null);
    setChosen(spot);
  };
  const showFile = (file: number) => {
    if (canComment && isShown(file)) setChosen(nextFileSpot(files, (n) => n === file, null, 1));
    view.current?.querySelector(`[data-file="${file}"]`)?.scrollIntoView({ block: "start" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !canComment) return;
    const target = event.target as HTMLElement; // The diff listens to its own elements only.
    if (target.matches("input, textarea, select")) return;
    const next = spotAfter(event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next) setChosen({ ...next });
  };
  const spotAfter = (key: string): Spot | null | undefined => {
    switch (key) {
      case "j":
      case "ArrowDown":
        return nextSpot(files, isShown, chosen, 1);
      case "k":
      case "ArrowUp":
        return nextSpot(files, isShown, chosen, -1);
      case "]":
        return nextFileSpot(files, isShown, chosen, 1);
      case "[":
        return nextFileSpot(files, isShown, chosen, -1);
      default:
        return undefined;
    }
  };

  if (files.length === 0) return <p className="p-4 text-muted">This branch changes nothing.</p>;
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const dropped = files.reduce((sum, file) => sum + file.dropped, 0);
  return (
    <div className="@container flex flex-col gap-2 p-3">
      <p className="text-muted text-xs">
        {formatCount(files.length, "file")}, <span className="text-good">+{added}</span>{" "}
        <span className="text-bad">−{dropped}</span>
        {isCut && " The diff is long: only its beginning is shown."}
        {canComment && (
          <span className="text-faint"> Press a line's number, or Enter on it, to comment.</span>
        )}
      </p>
      {drafts.length > 0 && (
        <CommentList
          drafts={drafts}
          onShow={show}
          onEdit={(draft) => {
            show(draft);
            acts?.edit(draft);
          }}
          onDrop={(draft) => dropDrafts(subject, [draft.id])}
          onReturn={canComment ? onReturn : null}
        />
      )}
      <div
        className={classNames(
          "grid items-start gap-2",
          files.length > 1 && "@4xl:grid-cols-[minmax(12rem,18rem)_minmax(0,1fr)]",
        )}
      >
        {files.length > 1 && <DiffFiles files={files} drafts={draftsByFile} onShow={showFile} />}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: takes the keys that move from line to line within. */}
        <div ref={view} onKeyDown={onKeyDown} className="flex min-w-0 flex-col gap-2">
          {files.map((file, n) => (
            <FileDiff
              key={file.path}
              file={file}
              index={n}
              isOpen={!folded.has(n)}
              isWhole={whole.has(n)}
              onToggle={toggle}
              onShowWhole={showWhole}
              acts={acts}
              cursor={cursor?.file === n ? cursor : null}
              writing={writing?.spot.file === n ? writing : null}
              drafts={draftsByFile.get(file.path) ?? none}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function changed(set: ReadonlySet<number>, each: number, isIn: boolean): ReadonlySet<number> {
  const next = new Set(set);
  if (isIn) next.add(each);
  else next.delete(each);
  return next;
}

function focusCurrent(view: HTMLElement | null): void {
  const current = view?.querySelector<HTMLElement>("[data-line=current]");
  current?.focus({ preventScroll: true });
  current?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
