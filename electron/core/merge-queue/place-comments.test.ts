import { expect, test } from "vitest";
import type { LineComment } from "../../../shared/model/line-comment.ts";
import type { LineRange } from "../git/diff.ts";
import { placeComments } from "./place-comments.ts";
import { noteHandback } from "./write-handback.ts";

const files: Readonly<Record<string, string>> = {
  "after:src/a.ts": "one\ntwo\nthree\ntwo\n",
  "after:b.md": "only\r\nlines\r\n",
  "before:src/a.ts": "one\nold\n",
  "after:c d.ts": "one\n",
  "after:long.ts": "x\n".repeat(20),
};
const shownOf: Readonly<Record<string, readonly LineRange[]>> = {
  "c d.ts": [],
  "long.ts": [
    { first: 2, last: 4 },
    { first: 9, last: 9 },
  ],
};
const read = {
  read: async (side: string, file: string) => files[`${side}:${file}`] ?? null,
  shown: async (_side: string, file: string) => shownOf[file] ?? [{ first: 1, last: 40 }],
};

function on(file: string, line: number, own: Partial<LineComment> = {}): LineComment {
  return { file, line, side: "after", quote: null, text: "Say why.", ...own };
}

test("comments are told in the order of the diff, each with its line's text, and the note last", async () => {
  const placed = await placeComments(
    [
      on("src/a.ts", 3),
      on("src/a.ts", 2, { side: "before", text: "Keep\nit." }),
      on("b.md", 2),
      on("src/a.ts", 2),
    ],
    read,
  );
  expect(noteHandback("Nearly.", placed)).toBe(
    [
      "Your branch was looked at and came back to you with 4 comments and a note:",
      "",
      "b.md, line 2:\n    lines\nSay why.",
      "",
      "src/a.ts, line 2 before your change, which you deleted:\n    old\nKeep\nit.",
      "",
      "src/a.ts, line 2:\n    two\nSay why.",
      "",
      "src/a.ts, line 3:\n    three\nSay why.",
      "",
      "About the whole:",
      "",
      "Nearly.",
      "",
      "Do what they ask in your worktree, commit, then call task_done again.",
    ].join("\n"),
  );
});

test("a line that the merge moved has the number it has in the branch", async () => {
  const [moved] = await placeComments([on("src/a.ts", 40, { quote: "two" })], read);
  expect(moved).toMatchObject({ line: 4, quote: "two" });
});

test("a line that only the merge has keeps its number and its text", async () => {
  const gone = [
    on("src/a.ts", 9, { quote: "theirs" }),
    on("theirs.ts", 1, { quote: "x".repeat(900) }),
  ];
  const placed = await placeComments(gone, read);
  expect(placed.map(({ line, quote }) => [line, quote.length])).toEqual([
    [9, 6],
    [1, 200],
  ]);
});

test.each([
  ["a file that the branch does not have", [on("c.ts", 1)], "The branch has no file c.ts."],
  ["a line beyond the end", [on("b.md", 3)], "b.md has 2 lines; there is no line 3."],
  ["a line between those that the diff shows", [on("long.ts", 5)], "Line 5 of long.ts is not in"],
  ["a file that is as it was", [on("c d.ts", 1)], "The branch does not change c d.ts"],
  [
    "more than one message holds",
    Array.from({ length: 6 }, () => on("b.md", 1, { text: "x".repeat(4_000) })),
    "are too much for one message",
  ],
])("%s is refused with a sentence", async (_what, comments, sentence) => {
  await expect(placeComments(comments, read)).rejects.toThrow(sentence);
});

test("the way out of a line outside the diff names those inside", async () => {
  await expect(placeComments([on("long.ts", 5)], read)).rejects.toMatchObject({
    code: "bad-input",
    hint: "Comment on one of the lines that it shows (2–4, 9), or say it in the note.",
  });
});
