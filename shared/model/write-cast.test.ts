import fc from "fast-check";
import { expect, test } from "vitest";
import type { TerminalMoment } from "./terminal-moment.ts";
import { CastWriter } from "./write-cast.ts";

const head = { title: "t-2", startedAt: "2026-11-21T09:00:00.000Z", cols: 80, rows: 24 };

function moment(
  second: number,
  offset: number,
  more: Partial<TerminalMoment> = {},
): TerminalMoment {
  const at = new Date(Date.parse(head.startedAt) + second * 1000).toISOString();
  return { at, offset, cols: 80, rows: 24, prompt: null, ...more };
}

const oneByteALetter = { decode: (bytes?: Uint8Array) => String.fromCharCode(...(bytes ?? [])) };
const toBytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

type CastEvent = readonly [time: number, kind: string, text: string];

function write(bytes: Uint8Array, moments: readonly TerminalMoment[], partBytes = 1_000_000) {
  const writer = new CastWriter(head, moments, oneByteALetter);
  let text = writer.head();
  for (let at = 0; at < bytes.length; at += partBytes)
    text += writer.write(bytes.subarray(at, at + partBytes));
  text += writer.end();
  const [first = "", ...rest] = text.trimEnd().split("\n");
  return { head: JSON.parse(first), events: rest.map((each) => JSON.parse(each) as CastEvent) };
}

test("what was printed comes at its time, with sizes and prompts between", () => {
  const moments = [
    moment(2, 4, { cols: 100, rows: 30 }),
    moment(10, 8, { cols: 90, rows: 30, prompt: "Make pie" }),
  ];
  const cast = write(toBytes("one two three"), moments);
  expect(cast.head).toMatchObject({ version: 2, width: 100, height: 30, timestamp: 1795251600 });
  expect(cast.events).toEqual([
    [2, "o", "one "],
    [10, "o", "two "],
    [10, "r", "90x30"],
    [10, "m", "Make pie"],
    [expect.closeTo(10, 2), "o", "three"],
  ]);
});

test("no byte is lost or out of order, however it comes and whatever moments are known, and time never goes back", () => {
  const stories = fc.record({
    text: fc.string({ unit: "binary-ascii", maxLength: 200 }),
    partBytes: fc.integer({ min: 1, max: 50 }),
    moments: fc.array(fc.tuple(fc.nat(100), fc.nat(300)), { maxLength: 8 }),
  });
  fc.assert(
    fc.property(stories, ({ text, partBytes, moments }) => {
      const inOrder = moments.map(([, offset]) => offset).toSorted((a, b) => a - b);
      const known = inOrder.map((offset, n) => moment(moments[n]?.[0] ?? 0, offset));
      const { events } = write(toBytes(text), known, partBytes);
      const printed = events.filter(([, kind]) => kind === "o").map(([, , part]) => part);
      expect(printed.join("")).toBe(text);
      const times = events.map(([time]) => time);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }),
  );
});

test("without moments it plays at a pace that one can follow", () => {
  const { head: told, events } = write(new Uint8Array(20 * 2_048).fill(97), []);
  expect(told).toMatchObject({ width: 80, height: 24 });
  expect(events.at(-1)?.[0]).toBeCloseTo(1);
});
