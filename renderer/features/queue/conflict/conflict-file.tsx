import {
  type Choice,
  type ConflictFile,
  countOpen,
  isPlace,
} from "../../../../shared/model/conflict-view.ts";
import type { EntryId } from "../../../../shared/model/ids.ts";
import { exactText } from "../../../ui/plain-text.ts";
import { ConflictPlace } from "./conflict-place.tsx";
import { spotsOf } from "./own-texts.ts";

/** Lines before and after a place that are shown of what merged. */
const AROUND = 4;

export function ConflictFileView({
  entry,
  file,
  target,
  choices,
  onChoose,
  onMove,
}: {
  readonly entry: EntryId;
  readonly file: ConflictFile;
  readonly target: string;
  readonly choices: readonly (Choice | null)[];
  readonly onChoose: (at: number, choice: Choice) => void;
  readonly onMove: (by: 1 | -1) => void;
}) {
  const open = countOpen(file, choices);
  const places = file.parts.filter(isPlace);
  const spots = spotsOf(entry, file);
  const path = exactText(file.path);
  return (
    <section aria-label={path} className="@container overflow-hidden rounded-md border border-line">
      <h3 className="flex items-center gap-3 bg-sunken px-3 py-1.5 font-normal text-xs">
        <span className="min-w-0 flex-1 truncate font-mono" title={path}>
          {path}
        </span>
        <span className={open > 0 ? "text-warn" : "text-good"}>
          {open > 0 ? `${open} of ${places.length} to choose` : "all chosen"}
        </span>
      </h3>
      <div className="border-line border-t bg-terminal font-mono text-xs">
        {file.parts.map((part, index) => {
          if (!isPlace(part)) {
            const isFirst = index === 0;
            const isLast = index === file.parts.length - 1;
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a file stay where they are.
            return <Around key={index} text={part.text} isFirst={isFirst} isLast={isLast} />;
          }
          const at = places.indexOf(part);
          const spot = spots[at];
          if (!spot) return null;
          return (
            <ConflictPlace
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a file stay where they are.
              key={index}
              place={part}
              name={`Place ${at + 1} of ${places.length} in ${path}`}
              target={target}
              spot={spot}
              chosen={choices[at] ?? null}
              acts={{ choose: (choice) => onChoose(at, choice), move: onMove }}
            />
          );
        })}
      </div>
    </section>
  );
}

/** What merged by itself, as far as it stands near a place that did not. */
function Around({
  text,
  isFirst,
  isLast,
}: {
  readonly text: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}) {
  const lines = text.replace(/\n$/, "").split("\n");
  const after = isFirst ? [] : lines.slice(0, AROUND);
  const before = isLast ? [] : lines.slice(Math.max(after.length, lines.length - AROUND));
  const left = lines.length - after.length - before.length;
  const show = (shown: readonly string[]) =>
    shown.length > 0 && (
      <pre className="overflow-x-auto px-3 py-1 text-muted">{exactText(shown.join("\n"))}</pre>
    );
  return (
    <>
      {show(after)}
      {left > 0 && (
        <p className="bg-sunken px-3 py-0.5 font-sans text-faint">
          {left} {left === 1 ? "line" : "lines"} that merged
        </p>
      )}
      {show(before)}
    </>
  );
}
