import type { Question } from "../../shared/model/ask.ts";
import type { InboxItem } from "../../shared/model/inbox.ts";
import { readChoice, writeQuestion } from "../../shared/model/read-choice.ts";
import { unreachable } from "../../shared/model/unreachable.ts";
import { call } from "../client/connection.ts";
import { writeNote } from "../features/inbox/inbox-view-store.ts";
import {
  actsForItem,
  answerItem,
  type ItemAct,
  isNoteReady,
  noteLabels,
  noteTitle,
  pushTitle,
  sendNote,
} from "../features/inbox/item-acts.ts";
import { act } from "../ui/use-action.ts";
import { type Command, make } from "./command.ts";
import { goToItem, openItem } from "./go-to.ts";
import { showView } from "./view-store.ts";

/** Of what a title can show; the whole of it stands below the list. */
const TITLE_MAX = 140;

/** What can be done about one thing that waits, from wherever one is. */
export function itemCommands(item: InboxItem): readonly Command[] {
  const { id, kind, task, session, entry, project, ask } = item;
  const detail = wholeOf(item);
  const what = `${item.title}: ${item.text}`.slice(0, TITLE_MAX);
  const named = (
    verb: string,
    title: string,
    run: () => void,
    more: Pick<Command, "isFinal" | "texts"> = {},
  ) => make("Inbox", `${verb}-${id}`, `${title}: ${what}`, run, { detail, ...more });
  const request = (verb: string, title: string, send: () => Promise<unknown>, isFinal = false) =>
    named(verb, title, () => act(send), { isFinal });
  const note = (verb: "deny" | "reply" | "return") => {
    const write = () => {
      showView("inbox");
      writeNote({ item: id, act: verb });
    };
    const step = { label: noteLabels[verb], detail, isOptional: isNoteReady(verb, "") };
    const send = ([text = ""]: readonly string[]) => act(() => sendNote(item, verb, text));
    return named(verb, noteTitle(item, verb), write, { texts: { steps: [step], send } });
  };
  const one = (wanted: ItemAct): readonly Command[] => {
    switch (wanted) {
      case "allow": {
        const title = kind === "plan" ? "Approve the plan" : "Allow once";
        // A destructive command is let through by a second press, here as on its card.
        return [request(wanted, title, () => answerItem(item, { kind: "allow" }), kind === "gate")];
      }
      case "remember":
        return [
          request(
            wanted,
            "Allow and remember",
            () => answerItem(item, { kind: "allow", isRemembered: true }),
            true,
          ),
        ];
      case "deny":
      case "reply":
      case "return":
        return [note(wanted)];
      case "retry":
        return task ? [request(wanted, "Retry", () => call("task.retry", { task }))] : [];
      case "interrupt":
        return session
          ? [request(wanted, "Interrupt", () => call("session.interrupt", { session }))]
          : [];
      case "stop":
        return session
          ? [request(wanted, "Stop", () => call("session.stop", { session }), true)]
          : [];
      case "approve":
        return entry
          ? [request(wanted, "Approve", () => call("queue.approve", { entry }), true)]
          : [];
      case "release":
        return entry
          ? [request(wanted, "Try again to land", () => call("queue.release", { entry }))]
          : [];
      case "resume":
        return project
          ? [request(wanted, "Resume the queue", () => call("queue.resume", { project }))]
          : [];
      case "push":
        return project
          ? [request(wanted, pushTitle(item), () => call("queue.push", { project }))]
          : [];
      default:
        return unreachable(wanted);
    }
  };
  const answers = kind === "question" && ask ? answerCommands(item, ask.questions, named) : [];
  return [
    ...answers,
    ...actsForItem(item).flatMap(one),
    named("open", kind === "review" ? "Look at the diff" : "Open", () => openItem(item)),
  ];
}

/** One question with options is answered by choosing a command; anything else is written. */
function answerCommands(
  item: InboxItem,
  questions: readonly Question[],
  named: (verb: string, title: string, run: () => void, more?: Pick<Command, "texts">) => Command,
): readonly Command[] {
  const choose = (answers: Readonly<Record<string, readonly string[]>>) =>
    act(() =>
      answerItem(item, {
        kind: "choose",
        answers: Object.fromEntries(Object.entries(answers).map(([key, all]) => [key, [...all]])),
      }),
    );
  const [only, ...others] = questions;
  const options = only && others.length === 0 ? only.options : [];
  const steps = questions.map((question) => ({
    label: labelOf(question),
    detail: writeQuestion(question),
    isOptional: false,
  }));
  const send = (texts: readonly string[]) =>
    choose(
      Object.fromEntries(
        questions.map((question, at) => [question.question, readChoice(question, texts[at] ?? "")]),
      ),
    );
  return [
    ...options.map(({ label }, at) =>
      named(`answer-${at + 1}`, `Answer “${label}”`, () =>
        choose({ [only?.question ?? ""]: [label] }),
      ),
    ),
    named(
      "answer",
      options.length > 0 ? "Answer in your own words" : "Answer",
      () => goToItem(item),
      { texts: { steps, send } },
    ),
  ];
}

function labelOf({ options, isMultiple }: Question): string {
  if (options.length === 0) return "Your answer";
  return isMultiple
    ? "Numbers of what you choose, with commas between, or your own words"
    : "The number of what you choose, or your own words";
}

/** Exactly what would run or is asked. */
function wholeOf({ title, text, ask }: InboxItem): string {
  if (!ask) return `${title}\n${text}`;
  if (ask.questions.length > 0) return ask.questions.map(writeQuestion).join("\n\n");
  return [ask.why, ask.detail || ask.summary].filter(Boolean).join("\n\n");
}
