import { memo } from "react";
import { Button } from "../../ui/button.tsx";
import type { Draft } from "./comment-drafts.ts";
import { DiffLines, type LineActs, type Writing } from "./diff-lines.tsx";
import type { Spot } from "./diff-spots.ts";
import type { DiffFile } from "./parse-diff.ts";

const changeWords: Readonly<Record<DiffFile["change"], string>> = {
  added: "new",
  dropped: "deleted",
  moved: "moved",
  changed: "",
};

/** One file of a diff. What belongs to other files is not given to it, so that it is not drawn again for their sake. */
export const FileDiff = memo(function FileDiff({
  file,
  index,
  isOpen,
  isWhole,
  onToggle,
  onShowWhole,
  ...rest
}: {
  readonly file: DiffFile;
  readonly index: number;
  readonly isOpen: boolean;
  /** False where it is so long that it is drawn only when asked for. */
  readonly isWhole: boolean;
  readonly onToggle: (file: number, isOpen: boolean) => void;
  readonly onShowWhole: (file: number) => void;
  readonly acts: LineActs | null;
  readonly cursor: Spot | null;
  readonly writing: Writing | null;
  readonly drafts: readonly Draft[];
}) {
  const longest = file.hunks.reduce(
    (most, { lines }) => lines.reduce((width, { text }) => Math.max(width, text.length), most),
    0,
  );
  return (
    <details
      open={isOpen}
      data-file={index}
      onToggle={(event) => onToggle(index, event.currentTarget.open)}
      className="scroll-mt-10 overflow-hidden rounded-md border border-line"
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
      {isOpen && isWhole && (
        <div
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
          tabIndex={0}
          className="overflow-x-auto border-line border-t bg-terminal font-mono text-xs -outline-offset-2 [container-type:inline-size]"
        >
          {/* As wide as its longest line from the start: lines that are drawn later do not widen it. */}
          <div className="w-max" style={{ minWidth: `max(100%, calc(${longest}ch + 8rem))` }}>
            {file.hunks.map((hunk, n) => (
              <div key={hunk.header} className="min-w-full">
                <div className="border-line border-y bg-sunken px-3 py-0.5 text-faint">
                  {hunk.header}
                </div>
                <DiffLines path={file.path} file={index} hunk={n} lines={hunk.lines} {...rest} />
              </div>
            ))}
          </div>
        </div>
      )}
      {!isWhole && (
        <div className="border-line border-t p-3">
          <Button isSmall onClick={() => onShowWhole(index)}>
            Show {countLines(file).toLocaleString()} lines
          </Button>
        </div>
      )}
    </details>
  );
});

export function countLines(file: DiffFile): number {
  return file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
}
