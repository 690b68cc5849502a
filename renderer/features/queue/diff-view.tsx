import { useMemo, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatCount } from "../../ui/format-amount.ts";
import { type DiffFile, type DiffHunk, type DiffLine, parseDiff } from "./parse-diff.ts";

/** More than this in one file is drawn only when asked for. */
const LINES_SHOWN_MAX = 800;

export function DiffView({ patch, isCut }: { readonly patch: string; readonly isCut: boolean }) {
  const files = useMemo(() => parseDiff(patch), [patch]);
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const dropped = files.reduce((sum, file) => sum + file.dropped, 0);
  if (files.length === 0) return <p className="p-4 text-muted">This branch changes nothing.</p>;
  return (
    <div className="flex flex-col gap-2 p-3">
      <p className="text-muted text-xs">
        {formatCount(files.length, "file")}, <span className="text-good">+{added}</span>{" "}
        <span className="text-bad">−{dropped}</span>
        {isCut && " The diff is long: only its beginning is shown."}
      </p>
      {files.map((file) => (
        <FileDiff key={file.path} file={file} />
      ))}
    </div>
  );
}

const changeWords: Readonly<Record<DiffFile["change"], string>> = {
  added: "new",
  dropped: "deleted",
  moved: "moved",
  changed: "",
};

function FileDiff({ file }: { readonly file: DiffFile }) {
  const total = file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  const [isWhole, setIsWhole] = useState(total <= LINES_SHOWN_MAX);
  return (
    <details
      open
      className="overflow-hidden rounded-md border border-line [content-visibility:auto] [contain-intrinsic-size:auto_200px]"
    >
      <summary className="flex items-center gap-3 bg-sunken px-3 py-1.5 text-xs hover:bg-hover">
        <span className="min-w-0 flex-1 truncate font-mono" title={file.path}>
          {file.movedFrom && <span className="text-faint">{file.movedFrom} → </span>}
          {file.path}
        </span>
        <span className="text-faint">{changeWords[file.change]}</span>
        <span className="text-good tabular-nums">+{file.added}</span>
        <span className="text-bad tabular-nums">−{file.dropped}</span>
      </summary>
      {file.isBinary && <p className="px-3 py-2 text-muted text-xs">A binary file.</p>}
      {isWhole ? (
        <div
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
          tabIndex={0}
          className="overflow-x-auto border-line border-t bg-terminal font-mono text-xs -outline-offset-2"
        >
          {file.hunks.map((hunk) => (
            <Hunk key={hunk.header} hunk={hunk} />
          ))}
        </div>
      ) : (
        <div className="border-line border-t p-3">
          <Button isSmall onClick={() => setIsWhole(true)}>
            Show {total.toLocaleString()} lines
          </Button>
        </div>
      )}
    </details>
  );
}

function Hunk({ hunk }: { readonly hunk: DiffHunk }) {
  return (
    <div className="w-max min-w-full">
      <div className="border-line border-y bg-sunken px-3 py-0.5 text-faint first:border-t-0">
        {hunk.header}
      </div>
      {hunk.lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a hunk never move.
        <Line key={index} line={line} />
      ))}
    </div>
  );
}

const signs: Readonly<Record<DiffLine["kind"], string>> = {
  added: "+",
  dropped: "-",
  context: " ",
  note: " ",
};

function Line({ line }: { readonly line: DiffLine }) {
  return (
    <div
      className={classNames(
        "flex whitespace-pre leading-[18px]",
        line.kind === "added" && "bg-added",
        line.kind === "dropped" && "bg-dropped",
        line.kind === "note" && "text-faint italic",
      )}
    >
      <span className="w-11 shrink-0 select-none pr-2 text-right text-faint">{line.before}</span>
      <span className="w-11 shrink-0 select-none pr-2 text-right text-faint">{line.after}</span>
      <span className="w-4 shrink-0 select-none">{signs[line.kind]}</span>
      <span className="pr-4">{line.text}</span>
    </div>
  );
}
