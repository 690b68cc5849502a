import { useEffect, useRef, useState } from "react";
import type { SessionId } from "../../../shared/model/ids.ts";
import type { Speaker, Transcript, TranscriptEntry } from "../../../shared/model/transcript.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { copyText } from "../../ui/copy-text.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { plainText } from "../../ui/plain-text.ts";
import { useAction } from "../../ui/use-action.ts";
import { useSearchView } from "./search-view-store.ts";

/** Lines of a record that are read at once; a third of them is something that was said. */
const PART_LINES = 300;

/** Of what a tool printed, this much is shown at first. */
const SHORT_LENGTH = 1_500;

const speakers: Readonly<Record<Speaker, string>> = {
  you: "You",
  worker: "Worker",
  tool: "Tool",
};

/** What was said in a session's conversation, part by part, from the line that was looked for. */
export function TranscriptDialog({
  session,
  line,
  onClose,
}: {
  readonly session: SessionId;
  readonly line: number | null;
  readonly onClose: () => void;
}) {
  const name = useMirror((mirror) => mirror.sessions.find((each) => each.id === session)?.name);
  const [part, setPart] = useState<Transcript | null>(null);
  const { run, isBusy } = useAction();
  const looked = useRef<HTMLLIElement>(null);
  const load = (from: number | null) =>
    run(async () => {
      const range = from === null ? {} : { from: Math.max(1, from) };
      setPart(await call("session.transcript", { session, lines: PART_LINES, ...range }));
    });

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is loaded later is up to the buttons.
  useEffect(() => load(line === null ? null : line - PART_LINES / 2), [session, line]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: with each part that came.
  useEffect(() => {
    const shown = looked.current?.querySelector("mark") ?? looked.current;
    shown?.scrollIntoView({ block: "center" });
    looked.current?.focus({ preventScroll: true });
  }, [part]);

  const isAll = part !== null && part.from === 1 && part.end <= PART_LINES;
  return (
    <Dialog
      title={`Transcript of ${name ?? session}`}
      width="max-w-4xl"
      onClose={onClose}
      footer={
        part &&
        !isAll && (
          <>
            <span className="mr-auto text-faint text-xs tabular-nums">
              Lines {part.from}–{Math.min(part.end, part.from + PART_LINES - 1)} of {part.end}
            </span>
            <Button
              isSmall
              disabled={isBusy || part.from === 1}
              onClick={() => load(part.from - PART_LINES)}
            >
              Earlier
            </Button>
            <Button
              isSmall
              disabled={isBusy || part.from + PART_LINES > part.end}
              onClick={() => load(part.from + PART_LINES)}
            >
              Later
            </Button>
          </>
        )
      }
    >
      {part?.entries.length === 0 && (
        <p className="text-muted text-sm">
          {part.end === 0
            ? "Nothing was said in it, or its record is gone."
            : "Nothing was said in these lines."}
        </p>
      )}
      <ul aria-label="Transcript" className="flex flex-col gap-3">
        {part?.entries.map((entry) => (
          <Entry
            key={entry.line}
            entry={entry}
            isLooked={entry.line === line}
            place={entry.line === line ? looked : null}
          />
        ))}
      </ul>
    </Dialog>
  );
}

function Entry({
  entry: { line, at, who, text, isCut },
  isLooked,
  place,
}: {
  readonly entry: TranscriptEntry;
  readonly isLooked: boolean;
  readonly place: React.RefObject<HTMLLIElement | null> | null;
}) {
  const plain = plainText(text);
  const [isWhole, setIsWhole] = useState(isLooked || plain.length < 2 * SHORT_LENGTH);
  return (
    <li
      ref={place}
      // The one that was looked for, so that a screen reader begins there.
      tabIndex={isLooked ? -1 : undefined}
      className={classNames(
        "rounded-md border px-3 py-2",
        isLooked ? "border-accent bg-accent/5" : "border-line",
        who === "tool" ? "bg-sunken" : "bg-surface",
      )}
    >
      <div className="flex items-baseline gap-2 text-xs">
        <span className={who === "tool" ? "text-muted" : "font-semibold"}>{speakers[who]}</span>
        {at && <time className="text-faint">{new Date(at).toLocaleString()}</time>}
        <span className="text-faint tabular-nums">line {line}</span>
        <Button isSmall kind="ghost" className="ml-auto" onClick={() => copyText(text)}>
          Copy
        </Button>
      </div>
      <p
        className={classNames(
          "mt-1 whitespace-pre-wrap break-words",
          who === "tool" ? "font-mono text-muted text-xs" : "text-sm",
        )}
      >
        <Marked text={isWhole ? plain : `${plain.slice(0, SHORT_LENGTH)}…`} isLooked={isLooked} />
        {isWhole && isCut && "\n…"}
      </p>
      {!isWhole && (
        <Button isSmall kind="ghost" onClick={() => setIsWhole(true)}>
          Show all
        </Button>
      )}
    </li>
  );
}

/** The text with what was searched for marked, where this is what was found. */
function Marked({ text, isLooked }: { readonly text: string; readonly isLooked: boolean }) {
  const searched = useSearchView((view) => view.text);
  const at = isLooked && searched ? text.toLowerCase().indexOf(searched.toLowerCase()) : -1;
  if (at < 0) return text;
  const end = at + searched.length;
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-xs bg-warn/25 text-ink">{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}
