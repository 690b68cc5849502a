import type { ReactNode } from "react";
import { plainText } from "./plain-text.ts";
import { type Look, StateMark } from "./state-mark.tsx";

/** The output of a command, folded away under a line that says how it ended. */
export function OutputBlock({
  title,
  look,
  meta,
  note,
  text,
  isOpen = false,
}: {
  readonly title: string;
  readonly look: Look;
  readonly meta: ReactNode;
  readonly note?: string | null;
  readonly text: string;
  readonly isOpen?: boolean;
}) {
  return (
    <details open={isOpen} className="overflow-hidden rounded-md border border-line bg-sunken">
      <summary className="flex items-center gap-2.5 px-2.5 py-1.5 text-xs hover:bg-hover">
        <StateMark look={look} />
        <span className="min-w-0 flex-1 truncate font-mono" title={title}>
          {title}
        </span>
        <span className="text-faint">{meta}</span>
      </summary>
      {note && <p className="border-line border-t px-3 py-1.5 text-warn text-xs">{note}</p>}
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
        tabIndex={0}
        className="max-h-80 -outline-offset-2 overflow-auto whitespace-pre-wrap break-words border-line border-t bg-terminal px-3 py-2 font-mono text-xs"
      >
        {plainText(text) || "No output."}
      </pre>
    </details>
  );
}
