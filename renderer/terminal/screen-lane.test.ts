import { expect, test } from "vitest";
import { type LaneScreen, ScreenLane } from "./screen-lane.ts";

/** A terminal that keeps what is written to it, and has painted it at once. */
function newLane() {
  const written: (string | Uint8Array)[] = [];
  const acks: number[] = [];
  const terminal: LaneScreen["terminal"] = {
    cols: 80,
    rows: 24,
    resize: () => {},
    onScroll: () => ({ dispose: () => {} }),
    write: (bytes, onWritten) => {
      written.push(bytes);
      onWritten?.();
    },
  };
  // A turn of the window, which has frames, is not part of this.
  globalThis.requestAnimationFrame ??= () => 0;
  const lane = new ScreenLane(
    "lane",
    { terminal, isReading: () => false },
    () => {},
    (offset) => acks.push(offset),
  );
  return { lane, written, acks };
}

test("a character is never cut, however little may be written", () => {
  const text = "a…—漢👍".repeat(9);
  const bytes = new TextEncoder().encode(text);
  for (let most = 1; most < 20; most++) {
    const { lane, written, acks } = newLane();
    lane.take({ kind: "output", offset: 100, bytes: bytes.subarray(0, 60) });
    lane.take({ kind: "output", offset: 160, bytes: bytes.subarray(60) });
    while (lane.waitingBytes > 0) lane.write(most, () => {});
    lane.end();
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const parts = written.map((part) => (typeof part === "string" ? part : decoder.decode(part)));
    expect(parts.join("")).toBe(text);
    expect(acks.at(-1)).toBe(100 + bytes.length);
    expect(acks).toEqual(acks.toSorted((a, b) => a - b));
  }
});

test("what is written in one turn is parsed in pieces, between which the window can do something else", () => {
  const { lane, written, acks } = newLane();
  const bytes = new TextEncoder().encode("漢".repeat(20_000));
  lane.take({ kind: "output", offset: 0, bytes });
  lane.write(bytes.length, () => {});
  lane.end();
  const pieces = written.map((part) => (typeof part === "string" ? part : [...part]));
  expect(pieces.flat()).toEqual([...bytes]);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(4096);
  expect(acks).toEqual([bytes.length]);
});

test("a whole screen is written at once and as a text, which has no place within a character", () => {
  const { lane, written, acks } = newLane();
  lane.take({ kind: "output", offset: 0, bytes: new TextEncoder().encode("older") });
  const screen = "…".repeat(100_000);
  const bytes = new TextEncoder().encode(screen);
  lane.take({ kind: "snapshot", offset: 7, cols: 80, rows: 24, bytes });
  lane.write(1, () => {});
  lane.end();
  expect(written).toEqual([`\x1bc${screen}`]);
  expect(acks).toEqual([7]);
});
