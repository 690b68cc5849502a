import type { InboxItem } from "../../../shared/model/inbox.ts";
import { classNames } from "../../ui/class-names.ts";
import { exactText } from "../../ui/plain-text.ts";
import { QuestionForm } from "./question-form.tsx";

/** What is asked, exactly as it would run or reads. */
export function ItemContent({
  item,
  isSelected,
}: {
  readonly item: InboxItem;
  readonly isSelected: boolean;
}) {
  const { ask, kind } = item;
  if (!ask) {
    return item.text ? (
      <p className="whitespace-pre-wrap break-words">{exactText(item.text)}</p>
    ) : null;
  }
  if (kind === "question" && ask.questions.length > 0) {
    return <QuestionForm item={item} questions={ask.questions} isSelected={isSelected} />;
  }
  if (kind === "plan" || kind === "question") {
    return <ScrollBox>{ask.detail || ask.summary}</ScrollBox>;
  }
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2 text-muted">
        <span className="font-mono text-xs">{ask.tool}</span>
        {ask.why && <span className={kind === "gate" ? "text-bad" : ""}>{ask.why}</span>}
      </p>
      <ScrollBox isCode>{ask.detail || ask.summary}</ScrollBox>
    </>
  );
}

function ScrollBox({
  isCode = false,
  children,
}: {
  readonly isCode?: boolean;
  readonly children: string;
}) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
      tabIndex={0}
      className={classNames(
        "max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-md border border-line bg-terminal px-3 py-2 -outline-offset-2",
        isCode ? "font-mono text-xs" : "font-sans",
      )}
    >
      {exactText(children)}
    </pre>
  );
}
