import { expect, test } from "vitest";
import { Session } from "../../shared/model/session.ts";
import { SearchAnswer, Transcript } from "../../shared/model/transcript.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleSession } from "./sample-rows.ts";

const nothing = SearchAnswer.parse({ found: [], searched: 1, isCut: false });
const found = SearchAnswer.parse({
  found: [
    {
      session: "s-4",
      hits: [
        { where: "terminal", line: 7, at: null, who: null, text: "a lemon", from: 2, length: 5 },
        {
          where: "transcript",
          line: 120,
          at: "2026-11-21T09:00:00.000Z",
          who: "you",
          text: "Lemon curd",
          from: 0,
          length: 5,
        },
      ],
      more: 3,
    },
  ],
  searched: 12,
  isCut: true,
});

function search(told: SearchAnswer, ...words: readonly string[]) {
  const asked: unknown[] = [];
  const handlers = {
    "search.find": (input: unknown) => {
      asked.push(input);
      return told;
    },
    "session.list": () => [Session.parse({ ...sampleSession, id: "s-4", name: "t-2\u001b[2J" })],
  };
  return runAgainst({ handlers }, "search", ...words).then((ran) => ({ ...ran, asked }));
}

test("what is found is listed by session, each with its place, and where more is said", async () => {
  const ran = await search(found, "lemon", "--session", "s-4");
  expect(ran.asked).toEqual([{ text: "lemon", session: "s-4" }]);
  expect(ran.exitCode).toBe(0);
  expect(ran.out).toBe(
    [
      "s-4 t-2‹U+001B›[2J",
      "  terminal:7      a lemon",
      "  you:120         Lemon curd",
      "  and 3 more",
      "",
      "Looked through 12 sessions; older ones were left out, search for more of it.",
      "",
    ].join("\n"),
  );
  expect((await search(found, "lemon", "--json")).json()).toEqual(found);
});

test("nothing found is an answer of its own, for scripts too", async () => {
  const ran = await search(nothing, "lemon");
  expect([ran.exitCode, ran.out]).toEqual([1, "It is nowhere in 1 session.\n"]);
});

test("a search for nothing, a wrong session and a wrong line are refused with what would be right", async () => {
  const empty = await search(nothing, "");
  expect(empty.exitCode).toBe(2);
  const wrong = await search(nothing, "a", "--session", "four");
  expect(wrong.exitCode).toBe(2);
  expect(wrong.err).toContain("s-19");
  const line = await runAgainst({}, "session", "transcript", "s-4", "--from", "0");
  expect([line.exitCode, line.err]).toEqual([2, expect.stringContaining("from 1 to")]);
});

test("a transcript names who said what, and nothing in it steers the terminal", async () => {
  const said = Transcript.parse({
    session: "s-4",
    from: 3,
    end: 9,
    entries: [
      { line: 3, at: null, who: "you", text: "do\u001b[2J it", isCut: false },
      { line: 5, at: "2026-11-21T09:00:00.000Z", who: "worker", text: "Done.", isCut: true },
    ],
  });
  const asked: unknown[] = [];
  const handlers = {
    "session.transcript": (input: unknown) => {
      asked.push(input);
      return said;
    },
    "session.answer": () => ({ text: "# All\n\u001b]0;x\u0007done" }),
  };
  const shown = await runAgainst({ handlers }, "session", "transcript", "s-4", "--from", "3");
  expect(asked).toEqual([{ session: "s-4", from: 3, lines: 200 }]);
  expect(shown.out).toBe(
    "── you · line 3\ndo‹U+001B›[2J it\n\n── worker · line 5 · 2026-11-21T09:00:00.000Z\nDone.\n…\n",
  );
  const last = await runAgainst({ handlers }, "session", "answer", "s-4");
  expect(last.out).toBe("# All\n‹U+001B›]0;x‹U+0007›done\n");
});

test("a file is opened by the place that a terminal shows", async () => {
  const asked: unknown[] = [];
  const handlers = {
    "session.open-file": (input: unknown) => {
      asked.push(input);
      return { editor: "code", place: "/w/src/a.ts" };
    },
  };
  const open = (...words: readonly string[]) =>
    runAgainst({ handlers }, "session", "open", "s-4", ...words);
  expect((await open("src/a.ts:12:3")).out).toBe("/w/src/a.ts is open in code.\n");
  await open("C:\\a.ts:7:", "--outside");
  await open("src/a.ts");
  expect(asked).toEqual([
    { session: "s-4", name: "src/a.ts", line: 12, column: 3, isSure: false },
    { session: "s-4", name: "C:\\a.ts", line: 7, column: null, isSure: true },
    { session: "s-4", name: "src/a.ts", line: null, column: null, isSure: false },
  ]);
});

test("a session is exported as a recording, page by page, or as text", async () => {
  const bytes = Buffer.from("one \u001b[1mtwo\u001b[0m");
  const asked: number[] = [];
  const handlers = {
    "session.show": () => Session.parse(sampleSession),
    "session.moments": () => ({ moments: [] }),
    "session.log": ({ from }: { from: number }) => {
      asked.push(from);
      const part = bytes.subarray(from, from + 5);
      return { base64: part.toString("base64"), end: bytes.length };
    },
  };
  const cast = await runAgainst({ handlers }, "session", "export", "s-4");
  const [head = "", ...events] = cast.out.trimEnd().split("\n");
  expect(JSON.parse(head)).toMatchObject({ version: 2, title: sampleSession.name });
  expect(events.map((event) => JSON.parse(event)[2]).join("")).toBe(bytes.toString());
  expect(asked).toEqual([0, 5, 10]);
  const text = await runAgainst({ handlers }, "session", "export", "s-4", "--as", "text");
  expect(text.out).toBe("one two");
});

test("an export in a form that is none, or as JSON, is refused with what would be right", async () => {
  const form = await runAgainst({}, "session", "export", "s-4", "--as", "gif");
  expect([form.exitCode, form.err]).toEqual([2, expect.stringContaining("asciicast, text")]);
  const json = await runAgainst({}, "session", "export", "s-4", "--json");
  expect([json.exitCode, json.out]).toEqual([2, ""]);
});
