import { expect, test } from "vitest";
import { limitAnswers } from "./limit-answers.ts";

test("a program that asks without end is answered as fast as one could read, and no more", () => {
  let nowMs = 0;
  let given = 0;
  const answer = limitAnswers(
    (text) => {
      given += text.length;
    },
    () => nowMs,
  );
  const askFor = (bytes: number) => {
    for (let asked = 0; asked < bytes; asked += 10) answer("0123456789");
  };
  askFor(10_000_000);
  expect(given).toBeGreaterThan(65_000);
  expect(given).toBeLessThanOrEqual(65_536);
  nowMs += 1000;
  askFor(10_000_000);
  expect(given).toBeLessThanOrEqual(65_536 + 1000);
  nowMs += 3_600_000;
  given = 0;
  askFor(60_000);
  expect(given).toBe(60_000);
});
