import { expect, test } from "vitest";
import { contextShare } from "./context-share.ts";

test("warns shortly before a session is asked to hand over, whatever its window", () => {
  const toneAt = (tokens: number, window: number) => contextShare({ tokens, window }).tone;
  expect(toneAt(100_000, 200_000)).toBe("busy");
  expect(toneAt(120_000, 200_000)).toBe("warn");
  expect(toneAt(140_000, 200_000)).toBe("bad");
  expect(toneAt(20_000, 32_000)).toBe("warn");
  expect(toneAt(130_000, 1_000_000)).toBe("warn");
});

test("gives the share of the window", () => {
  expect(contextShare({ tokens: 51_000, window: 200_000 }).percent).toBe(26);
});
