import { expect, test } from "vitest";
import type { InboxItem, InboxKind } from "../../../shared/model/inbox.ts";
import { offerAnswers } from "./offer-answers.ts";

/** Only what is looked at. */
const item = (kind: InboxKind, detail: string, more: object = {}) =>
  ({
    kind,
    text: detail,
    session: "s-1",
    ask: { summary: detail, detail, questions: [] },
    ...more,
  }) as unknown as InboxItem;
const question = { question: "Which?", header: null, isMultiple: false, options: [] };
const asks = (...questions: object[]) =>
  item("question", "Which?", { ask: { summary: "Which?", detail: "", questions } });

function check(told: InboxItem, isShown: boolean, offered: string) {
  const { text, acts, hasReply } = offerAnswers(told, isShown);
  expect([text ?? "-", ...acts, ...(hasReply ? ["reply"] : [])].join(" ")).toBe(offered);
}

test("offers no yes to what the notification does not show", () => {
  check(item("permission", "npm test"), false, "- deny look");
  check(item("permission", "npm test"), true, "npm test allow deny");
  check(item("permission", "x".repeat(161)), true, "- deny look");
  check(item("permission", "a\nb\nc\nd\ne"), true, "- deny look");
  check(item("permission", "  "), true, "- deny look");
});

test("never offers a yes to a destructive command", () => {
  check(item("gate", "rm -rf /"), true, "rm -rf / deny look");
  check(item("gate", "rm -rf /"), false, "- deny look");
});

test("shows what would run with nothing in it unseen", () => {
  check(item("permission", "echo \u202ehi"), true, "echo ‹U+202E›hi allow deny");
});

test("takes an answer where the one question, or what its worker said, stands there", () => {
  check(asks(question), true, "Which? reply");
  check(asks(question), false, "-");
  check(asks(question, { ...question, question: "How?" }), true, "-");
  check(item("blocked", "Which port?", { ask: null }), true, "Which port? reply");
  check(item("blocked", "Which port?", { ask: null, session: null }), true, "Which port?");
  check(item("blocked", "Which port?", { ask: null }), false, "-");
});

test("leads to what has to be looked at first", () => {
  for (const kind of ["plan", "review", "dialog", "stuck"] as const)
    check(item(kind, "short"), true, "-");
});
