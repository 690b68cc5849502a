import { MessageSquare } from "lucide-react";
import type { Draft } from "./comment-drafts.ts";
import type { DiffFile } from "./parse-diff.ts";

/** The files of a diff, with what changed in each; beside the diff where there is room. */
export function DiffFiles({
  files,
  drafts,
  onShow,
}: {
  readonly files: readonly DiffFile[];
  readonly drafts: ReadonlyMap<string, readonly Draft[]>;
  readonly onShow: (file: number) => void;
}) {
  return (
    <nav
      aria-label="Files of the diff"
      className="@4xl:sticky @4xl:top-11 max-h-36 @4xl:max-h-[60vh] overflow-y-auto rounded-md border border-line py-1"
    >
      <ul>
        {files.map((file, n) => {
          const count = drafts.get(file.path)?.length ?? 0;
          return (
            <li key={file.path}>
              <button
                type="button"
                title={file.path}
                onClick={() => onShow(n)}
                className="flex w-full items-center gap-2 px-2.5 py-0.5 text-left text-xs -outline-offset-2 hover:bg-hover"
              >
                {/* The end of a path tells more than its beginning. */}
                <span className="min-w-0 flex-1 truncate text-left font-mono [direction:rtl]">
                  <bdi>{file.path}</bdi>
                </span>
                {count > 0 && (
                  <span className="flex shrink-0 items-center gap-0.5 text-accent tabular-nums">
                    <MessageSquare size={11} aria-hidden />
                    <span className="sr-only">comments:</span>
                    {count}
                  </span>
                )}
                <span className="shrink-0 text-good tabular-nums">+{file.added}</span>
                <span className="shrink-0 text-bad tabular-nums">−{file.dropped}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
