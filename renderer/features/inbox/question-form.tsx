import { useId, useState } from "react";
import type { Question } from "../../../shared/model/ask.ts";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { KeyHint } from "../../ui/key-hint.tsx";
import { exactText } from "../../ui/plain-text.ts";
import { useAction } from "../../ui/use-action.ts";
import { answerItem } from "./item-acts.ts";

/** What chooses an option of a card's only question. */
export const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

type Choices = Readonly<Record<string, readonly string[]>>;

/** A session's questions with their options; for each there is room for words of one's own. */
export function QuestionForm({
  item,
  questions,
  isSelected,
}: {
  readonly item: InboxItem;
  readonly questions: readonly Question[];
  readonly isSelected: boolean;
}) {
  const [chosen, setChosen] = useState<Choices>({});
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({});
  const { run, isBusy } = useAction();
  const answers = readAnswers(questions, chosen, own);
  const isReady = Object.keys(answers).length === questions.length;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) run(() => answerItem(item, { kind: "choose", answers }));
      }}
    >
      {questions.map((question) => (
        <OneQuestion
          key={question.question}
          question={question}
          // Of several questions nobody could tell which one a digit means.
          hasDigits={questions.length === 1}
          isSelected={isSelected}
          chosen={chosen[question.question] ?? []}
          own={own[question.question] ?? ""}
          onChoose={(labels) => {
            setChosen({ ...chosen, [question.question]: labels });
            if (!question.isMultiple) setOwn({ ...own, [question.question]: "" });
          }}
          onOwn={(text) => {
            setOwn({ ...own, [question.question]: text });
            if (!question.isMultiple) setChosen({ ...chosen, [question.question]: [] });
          }}
        />
      ))}
      <Button
        isSmall
        kind="primary"
        type="submit"
        data-letter="a"
        className="self-start"
        disabled={isBusy || !isReady}
      >
        Answer {isSelected && <Hint keys="a" />}
      </Button>
    </form>
  );
}

function Hint({ keys }: { readonly keys: string }) {
  return (
    <span aria-hidden="true">
      <KeyHint keys={keys} />
    </span>
  );
}

function OneQuestion({
  question: { question, isMultiple, options },
  hasDigits,
  isSelected,
  chosen,
  own,
  onChoose,
  onOwn,
}: {
  readonly question: Question;
  /** Its options are chosen by their numbers. */
  readonly hasDigits: boolean;
  readonly isSelected: boolean;
  readonly chosen: readonly string[];
  readonly own: string;
  readonly onChoose: (labels: readonly string[]) => void;
  readonly onOwn: (text: string) => void;
}) {
  const name = useId();
  const toggle = (label: string) =>
    chosen.includes(label) ? chosen.filter((each) => each !== label) : [...chosen, label];
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 break-words font-medium">{exactText(question)}</legend>
      {options.map(({ label, description }, at) => (
        <label key={label} className="flex items-start gap-2.5 rounded px-1 hover:bg-hover">
          <input
            type={isMultiple ? "checkbox" : "radio"}
            name={name}
            data-letter={hasDigits ? at + 1 : undefined}
            className="mt-0.5 size-3.5 shrink-0 accent-(--accent-solid)"
            checked={chosen.includes(label)}
            onChange={() => onChoose(isMultiple ? toggle(label) : [label])}
          />
          <span className="min-w-0 break-words">
            {exactText(label)}
            {description && (
              <span className="block text-muted text-xs">{exactText(description)}</span>
            )}
          </span>
          {hasDigits && isSelected && at < DIGITS.length && (
            <span className="ml-auto">
              <Hint keys={DIGITS[at] ?? ""} />
            </span>
          )}
        </label>
      ))}
      <TextField
        label={options.length === 0 ? "Your answer" : "Or in your own words"}
        value={own}
        onChange={(event) => onOwn(event.target.value)}
      />
    </fieldset>
  );
}

/** By question; one that is not answered yet is left out. */
function readAnswers(
  questions: readonly Question[],
  chosen: Choices,
  own: Readonly<Record<string, string>>,
): Record<string, string[]> {
  const answered = questions.flatMap(({ question }) => {
    const text = (own[question] ?? "").trim();
    const all = [...(chosen[question] ?? []), ...(text === "" ? [] : [text])];
    return all.length === 0 ? [] : [[question, all] as const];
  });
  return Object.fromEntries(answered);
}
