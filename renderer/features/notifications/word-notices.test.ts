import { expect, test } from "vitest";
import type { Notice } from "./notice-machine.ts";
import { wordNotices } from "./word-notices.ts";

const notice = (title: string, kind: Notice["kind"]): Notice => ({
  key: title,
  kind,
  title,
  text: "It has landed.",
  subject: title,
  session: null,
});

test("says one thing as it is and counts several", () => {
  expect(wordNotices([notice("One", "finished")])).toEqual({
    title: "One",
    text: "It has landed.",
  });
  expect(
    wordNotices([
      notice("One", "finished"),
      notice("Two", "needs-you"),
      notice("Three", "finished"),
      notice("Four", "finished"),
      notice("Five", "failed"),
    ]),
  ).toEqual({
    title: "3 landed, 1 needs you, 1 is stuck",
    text: "One\nTwo\nThree\nand 2 more",
  });
});
