import { expect, test } from "vitest";
import { writeFirstMessage, writeFollowUp } from "./write-first-message.ts";

const note = {
  done: "The parser.",
  remaining: "The printer.",
  decisions: "No regular expressions.",
  files: ["src/parser.js"],
  check: "npm test",
};
const first = "You are working on task t-1: Printer";

test("a conversation that goes on is told only what came back", () => {
  const parts = { handback: "merge main", note, isSameConversation: true, first };
  expect(writeFollowUp(parts)).toBe("merge main");
});

test("the first session of a task reads how it begins", () => {
  expect(writeFollowUp({ handback: null, note: null, isSameConversation: false, first })).toBe(
    first,
  );
});

test("a fresh session reads the whole note, then how the task began", () => {
  const text = writeFollowUp({ handback: null, note, isSameConversation: false, first });
  const places = [
    "The parser.",
    "The printer.",
    "No regular",
    "- src/parser.js",
    "npm test",
    first,
  ];
  const found = places.map((place) => text.indexOf(place));
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(Math.min(...found)).toBeGreaterThan(0);
});

test("what came back after a handoff is told with the note", () => {
  const text = writeFollowUp({ handback: "try again", note, isSameConversation: false, first });
  expect(text).toContain("The printer.");
  expect(text).toContain("try again");
});

test("a note that is too long for one argument is cut, the task is not", () => {
  const long = { ...note, done: "é".repeat(30_000) };
  const body = "x".repeat(100_000);
  const text = writeFollowUp({
    handback: null,
    note: long,
    isSameConversation: false,
    first: body,
  });
  expect(Buffer.byteLength(text)).toBeLessThan(128 * 1024);
  expect(text.endsWith(body)).toBe(true);
  expect(text).toContain("the rest is left out");
});

test("a worker is told of the build lock where the project lists commands, and only there", () => {
  const parts = {
    task: { id: "t-1" as never, title: "Printer", body: "", acceptance: [] },
    target: "main",
    branch: "b",
    projectChecks: [],
    agentFile: null,
    carried: [],
  };
  const told = writeFirstMessage({ ...parts, locked: ["npm run build", "make"] });
  expect(told).toContain("switchyard lock -- COMMAND");
  expect(told).toContain("npm run build; make");
  expect(writeFirstMessage({ ...parts, locked: [] })).not.toContain("build slots");
});
