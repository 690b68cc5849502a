import { expect, test } from "vitest";
import { EntryId, TaskId } from "../../../../shared/model/ids.ts";
import { writeProposal } from "./write-proposal.ts";

function write(title: string, summary: string, subject = "x") {
  const entry = { id: EntryId.parse("q-1"), task: TaskId.parse("t-1"), attempt: 1, summary };
  const plain = { commitCount: 1, files: [], added: 1, removed: 0, tests: [] };
  return writeProposal({ entry, title, change: { ...plain, commits: [subject] }, store: "s" });
}

test("what a worker writes calls nobody and closes no issue", () => {
  const { title, body } = write("Fixes #12", "Uses @Injectable, fixed GH-3", "resolve: acme/app#4");
  expect(title).toBe("F\u200bixes #12");
  expect(body).toContain("Uses @\u200bInjectable, f\u200bixed GH-3");
  expect(body).toContain("- r\u200besolve: acme/app#4");
  expect(write("t", "Closes https://github.com/acme/app/issues/5").body).toContain("C\u200bloses");
});

test("also in letters that are bold or slanted", () => {
  const said = write(
    "t",
    "Thanks _@ada_ and __@bob__; **Fixes** #12, _closes:_ #3, fixes **#4**",
  ).body;
  expect(said).toContain("_@\u200bada_ and __@\u200bbob__");
  expect(said).toContain("**F\u200bixes** #12, _c\u200bloses:_ #3, f\u200bixes **#4**");
});

test("words that do nothing there stay as they are", () => {
  const words = "Closes the file, fixes 3 of them; see #12, ada@example.com and a @ b";
  expect(write("t", words).body).toContain(words);
  expect(write("t", words).body).toMatch(/Switchyard-Entry: q-1\n/);
});
