import { Button } from "../ui/button.tsx";

/** What a pane asks before it does something that cannot be taken back, or that looks like something else. */
export interface Question {
  readonly label: string;
  readonly text: string;
  /** Exactly what it is about, where the text does not hold it. */
  readonly detail?: string;
  readonly yes: string;
}

export function PaneQuestion({
  question,
  onAnswer,
}: {
  readonly question: Question;
  readonly onAnswer: (isYes: boolean) => void;
}) {
  return (
    <div
      role="alertdialog"
      aria-label={question.label}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onAnswer(false);
      }}
      className="absolute inset-x-2 bottom-2 flex flex-wrap items-center gap-2 rounded-md border border-warn/50 bg-raised p-2 text-sm shadow-raised"
    >
      <span className="min-w-0 flex-1">
        {question.text}
        {question.detail && (
          <span className="mt-0.5 line-clamp-4 block break-all font-mono text-muted text-xs">
            {question.detail}
          </span>
        )}
      </span>
      <Button isSmall onClick={() => onAnswer(false)}>
        Cancel
      </Button>
      <Button isSmall kind="primary" autoFocus onClick={() => onAnswer(true)}>
        {question.yes}
      </Button>
    </div>
  );
}
