import fc from "fast-check";
import { expect, test } from "vitest";
import type { Refusal } from "../../../shared/model/refusal.ts";
import type { UsageWindow } from "../../../shared/model/usage-window.ts";
import { planRest, spentUntil } from "./plan-rest.ts";

const nowMs = Date.UTC(2026, 10, 21, 9);
const at = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString();
const window = (usedPercent: number, resets: number, measured = -1): UsageWindow => ({
  usedPercent,
  resetsAt: at(resets),
  measuredAt: at(measured),
  source: "statusline",
});
const none = { fiveHour: null, sevenDay: null };

test("both windows used up: it rests until the later reset", () => {
  const windows = { fiveHour: window(100, 90), sevenDay: window(101, 4_000) };
  expect(spentUntil(windows, nowMs)).toBe(at(4_000));
  expect(spentUntil({ ...windows, sevenDay: window(99, 4_000) }, nowMs)).toBe(at(90));
  expect(spentUntil({ fiveHour: window(100, -1), sevenDay: null }, nowMs)).toBeNull();
});

test("the reset that was measured goes before the one that the refusal's words tell", () => {
  const refusal = { kind: "window", name: "fiveHour", resetsAt: at(91) } as const;
  const told = { refusal, nowMs, earlier: 0, random: 0 };
  const measured = { fiveHour: window(100, 90), sevenDay: null };
  expect(planRest({ ...told, windows: measured })?.overAtMs).toBe(Date.parse(at(90)));
  expect(planRest({ ...told, windows: none })?.overAtMs).toBe(Date.parse(at(91)));
});

test("nothing rests until a reset that a clock told which was set back since", () => {
  const windows = { fiveHour: null, sevenDay: window(100, 500_000, 490_000) };
  expect(spentUntil(windows, nowMs)).toBeNull();
  const refusal = { kind: "throttled" } as const;
  expect(planRest({ refusal, windows, nowMs, earlier: 0, random: 0 })?.kind).toBe("guess");
});

const FIVE_HOURS = { kind: "window", name: "fiveHour", resetsAt: at(91) } as const;
const WEEK = { ...FIVE_HOURS, name: "sevenDay" } as const;
const UNNAMED = { ...FIVE_HOURS, name: null } as const;

test.each([
  ["21 % a minute ago", FIVE_HOURS, window(21, 90), null, 10_000],
  ["21 % of the week", WEEK, null, window(21, 90), 10_000],
  ["nearly used up", FIVE_HOURS, window(95, 90), null, 91 * 60_000],
  ["measured half an hour ago", FIVE_HOURS, window(21, 90, -30), null, 91 * 60_000],
  ["of a window that has begun anew since", FIVE_HOURS, window(21, -0.5), null, 91 * 60_000],
  ["of the other window", FIVE_HOURS, null, window(21, 90), 91 * 60_000],
  ["of no window that the words name", UNNAMED, window(21, 90), window(21, 90), 91 * 60_000],
  [
    "though the other window is used up",
    FIVE_HOURS,
    window(21, 90),
    window(100, 200),
    200 * 60_000,
  ],
])(
  "a window that is refused as used up and was measured: %s",
  (_, refusal, fiveHour, sevenDay, ms) => {
    const told = { refusal, windows: { fiveHour, sevenDay }, nowMs, random: 0 };
    expect(planRest({ ...told, earlier: 0 })?.overAtMs).toBe(nowMs + ms);
    const thirdMs = ms === 10_000 ? 40_000 : ms;
    expect(planRest({ ...told, earlier: 2 })?.overAtMs).toBe(nowMs + thirdMs);
  },
);

const anyWindow = fc.option(
  fc
    .record({
      percent: fc.integer({ min: 0, max: 120 }),
      resets: fc.integer({ min: -60, max: 9_000 }),
    })
    .map(({ percent, resets }) => window(percent, resets)),
);
const anyRefusal: fc.Arbitrary<Refusal> = fc.oneof(
  fc.record({
    kind: fc.constant("window" as const),
    // One that is named can be contradicted by its measurement.
    name: fc.constant(null),
    resetsAt: fc.option(fc.integer({ min: 1, max: 9_000 }).map(at)),
  }),
  fc.constantFrom({ kind: "throttled" as const }, { kind: "crowded" as const }),
);

test("it never goes on before a reset that is known, nor more than two minutes after it; else within a quarter of an hour and a quarter", () => {
  fc.assert(
    fc.property(
      anyRefusal,
      fc.record({ fiveHour: anyWindow, sevenDay: anyWindow }),
      fc.nat(60),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (refusal, windows, earlier, random) => {
        const rest = planRest({ refusal, windows, nowMs, earlier, random });
        if (!rest) throw new Error("only spend does not rest");
        const reset =
          spentUntil(windows, nowMs) ?? (refusal.kind === "window" ? refusal.resetsAt : null);
        expect(rest.jitterMs).toBeGreaterThanOrEqual(0);
        if (reset !== null) {
          expect(rest).toMatchObject({ kind: "reset", overAtMs: Date.parse(reset) });
          expect(rest.jitterMs).toBeLessThanOrEqual(120_000);
        } else {
          expect(rest.kind).toBe("guess");
          expect(rest.overAtMs).toBeGreaterThan(nowMs);
          expect(rest.overAtMs + rest.jitterMs - nowMs).toBeLessThanOrEqual(18.75 * 60_000);
        }
      },
    ),
  );
});

test("money that is used up is not waited for, whatever the windows say", () => {
  fc.assert(
    fc.property(fc.record({ fiveHour: anyWindow, sevenDay: anyWindow }), (windows) => {
      const told = { refusal: { kind: "spend" as const }, windows, nowMs, earlier: 0, random: 0 };
      expect(planRest(told)).toBeNull();
    }),
  );
});
