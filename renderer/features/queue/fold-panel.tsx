import { ChevronDown, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../../ui/class-names.ts";
import { type Look, StateMark } from "../../ui/state-mark.tsx";

/** A line that says how something stands, and all of it below that line when it is opened. */
export function FoldPanel({
  label,
  look,
  note,
  isShown,
  onToggle,
  heightMax,
  children,
}: {
  readonly label: string;
  readonly look: Look;
  readonly note: string;
  readonly isShown: boolean;
  readonly onToggle: () => void;
  /** A class: how much of the view it may take when it is opened. */
  readonly heightMax: string;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      className={classNames(
        "mx-2 mb-2 flex min-h-0 shrink-0 flex-col overflow-hidden rounded-lg border border-line bg-surface",
        isShown && heightMax,
      )}
    >
      <button
        type="button"
        aria-expanded={isShown}
        onClick={onToggle}
        className="flex h-8 shrink-0 items-center gap-2 px-2.5 text-left text-xs -outline-offset-2 hover:bg-hover"
      >
        {isShown ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
        <StateMark look={look} />
        <span className="truncate text-muted">{note}</span>
      </button>
      {isShown && children}
    </section>
  );
}
