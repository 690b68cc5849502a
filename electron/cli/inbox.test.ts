import { expect, test } from "vitest";
import type { Ask, AskAnswer } from "../../shared/model/ask.ts";
import {
  AskId,
  EntryId,
  Instant,
  ProfileName,
  ProjectName,
  SessionId,
  TaskId,
} from "../../shared/model/ids.ts";
import type { InboxItem } from "../../shared/model/inbox.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleEntry } from "./sample-rows.ts";

const at = Instant.parse("2026-11-21T09:00:00.000Z");

function sampleAsk(more: Partial<Ask> = {}): Ask {
  return {
    id: AskId.parse("a-1"),
    kind: "permission",
    session: SessionId.parse("s-1"),
    task: null,
    project: ProjectName.parse("app"),
    profile: ProfileName.parse("max-1"),
    tool: "Bash",
    summary: "make install",
    detail: "make install\necho done",
    why: null,
    questions: [],
    state: "open",
    note: null,
    openedAt: at,
    closedAt: null,
    ...more,
  };
}

const asksTwo = sampleAsk({
  kind: "question",
  tool: "AskUserQuestion",
  questions: [
    {
      question: "Which?",
      header: null,
      isMultiple: true,
      options: ["Red", "Green", "Blue"].map((label) => ({ label, description: null })),
    },
    { question: "How?", header: null, isMultiple: false, options: [] },
  ],
});

/** Runs a command against an inbox with this ask in it, and gives back what was answered. */
async function given(ask: Ask, ...words: readonly string[]) {
  const answers: { ask: string; answer: AskAnswer }[] = [];
  const item: InboxItem = {
    id: ask.id,
    kind: ask.kind,
    title: "Do it",
    text: ask.summary,
    since: at,
    project: ask.project,
    task: null,
    session: ask.session,
    entry: null,
    ask,
  };
  const outcome = await runAgainst(
    {
      handlers: {
        "project.show": () => {
          throw new SwitchyardError("not-found", "There is no project here.");
        },
        "inbox.list": () => [item],
        "ask.answer": (input) => {
          answers.push(input);
          if (input.ask !== ask.id)
            throw new SwitchyardError("wrong-state", `${input.ask} was denied already.`);
          return { ...ask, state: "allowed" };
        },
      },
    },
    "inbox",
    ...words,
  );
  return { ...outcome, answers };
}

test("the inbox is what the word alone shows", async () => {
  const { exitCode, out } = await given(sampleAsk());
  expect(exitCode).toBe(0);
  expect(out).toContain("make install");
  expect((await given(sampleAsk(), "list", "--json")).json()).toMatchObject([{ id: "a-1" }]);
});

test("an ask is shown whole", async () => {
  expect((await given(sampleAsk(), "show", "a-1")).out).toContain("make install\necho done");
  expect((await given(asksTwo, "show", "a-1")).out).toContain("  3  Blue");
  expect((await given(asksTwo, "show", "a-7")).exitCode).toBe(3);
});

test("nothing of what is asked can hide a part of it, or steer the terminal", async () => {
  const detail = "echo hello \u001b[1K\u202ecod; rm -rf /\rls\u0007";
  const { out } = await given(sampleAsk({ detail, why: "it removes all" }), "show", "a-1");
  expect(out).toContain("echo hello ‹U+001B›[1K‹U+202E›cod; rm -rf /‹U+000D›ls‹U+0007›");
  expect(out).toContain("it removes all");
  const listed = await given(sampleAsk({ why: "it removes all" }), "list");
  expect(listed.out).toContain("make install (it removes all)");
});

test.each([
  [["allow", "a-1"], { kind: "allow" }],
  [["allow", "a-1", "--remember"], { kind: "allow", isRemembered: true }],
  [["deny", "a-1", "--note", "not there"], { kind: "deny", note: "not there" }],
])("%j says so to the core", async (words, answer) => {
  const { exitCode, answers } = await given(sampleAsk(), ...words);
  expect([exitCode, answers]).toEqual([0, [{ ask: "a-1", answer }]]);
});

test("choices are labels, numbers or words of one's own", async () => {
  const { answers } = await given(asksTwo, "answer", "a-1", "3,1", "with care");
  expect(answers.map(({ answer }) => answer)).toEqual([
    { kind: "choose", answers: { "Which?": ["Blue", "Red"], "How?": ["with care"] } },
  ]);
  const [first] = asksTwo.questions;
  const one = { ...asksTwo, questions: first ? [first] : [] };
  const single = await given(one, "answer", "a-1", "Green", "1");
  expect(single.answers.map(({ answer }) => answer)).toEqual([
    { kind: "choose", answers: { "Which?": ["Green", "Red"] } },
  ]);
});

test("a number that is no option is refused with the options, and what was sent is told", async () => {
  const wrong = await given(asksTwo, "answer", "a-1", "1,9", "with care");
  expect([wrong.exitCode, wrong.answers]).toEqual([2, []]);
  expect(wrong.err).toContain('1,9 is no option of "Which?": 1 Red, 2 Green, 3 Blue.');
  const right = await given(asksTwo, "answer", "a-1", "2", "8080");
  expect(right.out).toContain("  Which?  Green\n  How?  8080");
});

test.each([
  [{ id: "t-9", kind: "stuck", task: TaskId.parse("t-9") }, "switchyard task retry t-9"],
  [{ id: "s-11", kind: "dialog", session: SessionId.parse("s-11") }, "session attach s-11"],
  [{ id: "q-4", kind: "review", entry: EntryId.parse("q-4") }, "switchyard inbox allow q-4"],
  [{ id: "q-5", kind: "stuck", entry: EntryId.parse("q-5") }, "switchyard queue show q-5"],
] as const)("what is no ask is listed with its way out, and shown: %j", async (what, wayOut) => {
  const nothing = { project: null, task: null, session: null, entry: null, ask: null };
  const item: InboxItem = { ...nothing, title: "Sort", text: "it broke", since: at, ...what };
  const handlers = { "inbox.list": () => [item] };
  expect((await runAgainst({ handlers }, "inbox")).out).toContain(wayOut);
  const shown = await runAgainst({ handlers }, "inbox", "show", what.id);
  expect(shown.out).toContain(wayOut);
  expect(shown.out).toContain("it broke");
});

test("too few choices are told before anything is answered", async () => {
  const { exitCode, answers, err } = await given(asksTwo, "answer", "a-1", "Red");
  expect([exitCode, answers]).toEqual([2, []]);
  expect(err).toContain("asks 2 questions");
});

test("what somebody else has answered is refused with 3, and says who", async () => {
  for (const words of [
    ["allow", "a-2"],
    ["answer", "a-2", "Red"],
  ]) {
    const { exitCode, err } = await given(asksTwo, ...words);
    expect(exitCode).toBe(3);
    expect(err).toContain("was denied already");
  }
});

test.each([
  [["allow", "q-4"], 0, ["approve q-4"]],
  [["deny", "q-4", "--note", "mend the test"], 0, ["return q-4 mend the test"]],
  [["deny", "q-4"], 2, []],
  [["answer", "q-4", "yes"], 2, []],
  [["allow", "q-4", "--remember"], 2, []],
])("work to review is judged where it is listed: %j", async (words, exitCode, judged) => {
  const told: string[] = [];
  const handlers = {
    "inbox.list": () => [],
    "queue.approve": ({ entry }: { entry: string }) => {
      told.push(`approve ${entry}`);
      return sampleEntry;
    },
    "queue.return": ({ entry, note }: { entry: string; note: string }) => {
      told.push(`return ${entry} ${note}`);
      return sampleEntry;
    },
  };
  const outcome = await runAgainst({ handlers }, "inbox", ...words);
  expect([outcome.exitCode, told]).toEqual([exitCode, judged]);
});
