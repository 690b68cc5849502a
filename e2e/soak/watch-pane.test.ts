import { expect, test } from "vitest";
import { comparePane } from "./watch-pane.ts";

const log = Buffer.from("0123456789");

test("a window that was shown what the log holds agrees with it, whatever it left out", () => {
  check({
    shown: [
      [0, "012"],
      [5, "567"],
    ],
    says: null,
  });
});

test("other bytes, missing ones and doubled ones are found", () => {
  check({ shown: [[3, "3x5"]], says: "other bytes at 3" });
  check({ shown: [[0, "012"]], gaps: ["bytes from 2 came where 3 was next"], says: "came where" });
  check({ shown: [[8, "89ab"]], says: "the log ends at 10" });
});

test("a killed host may take along what only a window has seen, and nothing else", () => {
  check({ shown: [[8, "89ab"]], isEndLost: true, says: null });
  check({ shown: [[8, "8xab"]], isEndLost: true, says: "other bytes" });
});

function check(story: {
  readonly shown: readonly (readonly [number, string])[];
  readonly gaps?: readonly string[];
  readonly isEndLost?: boolean;
  readonly says: string | null;
}): void {
  const pieces = story.shown.map(([offset, text]) => ({ offset, bytes: Buffer.from(text) }));
  const says = comparePane({ pieces, gaps: story.gaps ?? [] }, log, story.isEndLost ?? false);
  if (story.says === null) expect(says).toBe(null);
  else expect(says).toContain(story.says);
}
