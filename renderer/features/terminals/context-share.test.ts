import { expect, test } from "vitest";
import { contextShare } from "./context-share.ts";

const window = 200_000;

test("warns shortly before a session is asked to hand over, wherever its project says that is", () => {
  const toneAt = (tokens: number, handoffAt: number) =>
    contextShare({ tokens, window, handoffAt }).tone;
  expect(toneAt(100_000, 140_000)).toBe("busy");
  expect(toneAt(120_000, 140_000)).toBe("warn");
  expect(toneAt(140_000, 140_000)).toBe("bad");
  expect(toneAt(27_000, 30_000)).toBe("warn");
  expect(toneAt(140_000, 190_000)).toBe("busy");
});

test("never warns of a handoff that will not come", () => {
  expect(contextShare({ tokens: 199_000, window, handoffAt: null }).tone).toBe("busy");
  expect(contextShare({ tokens: 199_000, window }).tone).toBe("busy");
});

test("gives the share of the window", () => {
  expect(contextShare({ tokens: 51_000, window }).percent).toBe(26);
});
