import { MessageSquarePlus } from "lucide-react";
import { memo, type ReactNode, useEffect, useRef, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { CommentBox, CommentCard } from "./comment-box.tsx";
import type { Draft } from "./comment-drafts.ts";
import { type LinePlace, placeOf, type Spot } from "./diff-spots.ts";
import type { DiffLine } from "./parse-diff.ts";

/** A block of lines is drawn when it comes near the view: a diff of thousands of lines opens as fast as a short one. */
const BLOCK_LINES = 60;
const LINE_PX = 18;
const NEAR_VIEW = "1200px 0px";

/** What can be done on the lines of a diff; it stays the same object for as long as the diff does. */
export interface LineActs {
  readonly open: (spot: Spot) => void;
  readonly edit: (draft: Draft) => void;
  readonly drop: (draft: Draft) => void;
  readonly keep: (spot: Spot, draft: Draft | null, text: string) => void;
  readonly close: () => void;
}

/** Where a comment is being written; with the comment, where one is being changed. */
export interface Writing {
  readonly spot: Spot;
  readonly draft: Draft | null;
}

interface LinesProps {
  readonly path: string;
  readonly file: number;
  readonly hunk: number;
  readonly lines: readonly DiffLine[];
  /** Null where nothing can be commented. */
  readonly acts: LineActs | null;
  readonly cursor: Spot | null;
  readonly writing: Writing | null;
  readonly drafts: readonly Draft[];
}

const inHunk = (spot: Spot | null, { file, hunk }: LinesProps) =>
  spot?.file === file && spot.hunk === hunk;

/** The lines of one hunk. */
export function DiffLines(props: LinesProps) {
  const { lines, cursor, writing } = props;
  const starts = Array.from(
    { length: Math.ceil(lines.length / BLOCK_LINES) },
    (_, n) => n * BLOCK_LINES,
  );
  return starts.map((start) => {
    const isIn = (spot: Spot | null) =>
      inHunk(spot, props) &&
      spot !== null &&
      Math.floor(spot.index / BLOCK_LINES) === start / BLOCK_LINES;
    return (
      <Block
        key={start}
        {...props}
        start={start}
        cursor={isIn(cursor) ? cursor : null}
        writing={isIn(writing?.spot ?? null) ? writing : null}
      />
    );
  });
}

const Block = memo(function Block({ start, ...props }: LinesProps & { readonly start: number }) {
  const { lines, cursor, writing } = props;
  const own = lines.slice(start, start + BLOCK_LINES);
  const place = useRef<HTMLDivElement>(null);
  const [wasNear, setWasNear] = useState(false);
  const isDrawn = wasNear || cursor !== null || writing !== null;
  useEffect(() => {
    if (isDrawn || !place.current) return;
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) setWasNear(true);
      },
      { rootMargin: NEAR_VIEW, root: place.current.closest("[data-scroller]") },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [isDrawn]);
  if (!isDrawn) return <div ref={place} style={{ height: own.length * LINE_PX }} />;
  return own.map((line, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a hunk never move.
    <LineWithComments key={n} {...props} line={line} index={start + n} />
  ));
});

function LineWithComments({
  line,
  index,
  ...props
}: LinesProps & { readonly line: DiffLine; readonly index: number }) {
  const { path, file, hunk, acts, cursor, writing, drafts } = props;
  const place = placeOf(line);
  if (!place || !acts) return <Line line={line}>{null}</Line>;
  const spot = { file, hunk, index };
  const isAt = (other: Spot | null) => other?.index === index;
  const about = drafts.filter(
    (draft) => !draft.isOutdated && draft.line === place.line && draft.side === place.side,
  );
  const isWriting = isAt(writing?.spot ?? null);
  const edited = isWriting ? writing?.draft : null;
  return (
    <>
      <Line line={line}>
        <CommentButton
          place={place}
          isCurrent={isAt(cursor)}
          count={about.length}
          onOpen={() => acts.open(spot)}
        />
      </Line>
      {about
        .filter((draft) => draft.id !== edited?.id)
        .map((draft) => (
          <CommentCard
            key={draft.id}
            draft={draft}
            onEdit={() => acts.edit(draft)}
            onDrop={() => acts.drop(draft)}
          />
        ))}
      {isWriting && (
        <CommentBox
          key={edited?.id ?? "new"}
          place={`${path}:${place.line}`}
          text={edited?.text ?? ""}
          onKeep={(text) => acts.keep(spot, edited ?? null, text)}
          onClose={acts.close}
        />
      )}
    </>
  );
}

/** The first line is where the keyboard comes in; from there the arrows move. */
function CommentButton({
  place,
  isCurrent,
  count,
  onOpen,
}: {
  readonly place: LinePlace;
  readonly isCurrent: boolean;
  readonly count: number;
  readonly onOpen: () => void;
}) {
  const name = place.side === "before" ? `deleted line ${place.line}` : `line ${place.line}`;
  return (
    <button
      type="button"
      data-line={isCurrent ? "current" : ""}
      tabIndex={isCurrent ? 0 : -1}
      aria-label={count > 0 ? `Comment on ${name}, which has ${count}` : `Comment on ${name}`}
      onClick={onOpen}
      className="absolute inset-y-0 left-0 flex w-22 scroll-my-14 items-center text-accent outline-none"
    >
      <MessageSquarePlus
        size={12}
        className="ml-0.5 opacity-0 group-hover:opacity-100 group-has-[button:focus-visible]:opacity-100"
      />
    </button>
  );
}

const signs: Readonly<Record<DiffLine["kind"], string>> = {
  added: "+",
  dropped: "-",
  context: " ",
  note: " ",
};

function Line({ line, children }: { readonly line: DiffLine; readonly children: ReactNode }) {
  return (
    <div
      className={classNames(
        "group relative flex whitespace-pre leading-[18px]",
        line.kind === "added" && "bg-added",
        line.kind === "dropped" && "bg-dropped",
        line.kind === "note" && "text-faint italic",
        children !== null &&
          "hover:outline hover:outline-line-strong hover:-outline-offset-1 has-[button:focus-visible]:outline-2 has-[button:focus-visible]:-outline-offset-2 has-[button:focus-visible]:outline-accent",
      )}
    >
      {children}
      <span className="w-11 shrink-0 select-none pr-2 text-right text-faint">{line.before}</span>
      <span className="w-11 shrink-0 select-none pr-2 text-right text-faint">{line.after}</span>
      <span className="w-4 shrink-0 select-none">{signs[line.kind]}</span>
      <span className="pr-4">{line.text}</span>
    </div>
  );
}
