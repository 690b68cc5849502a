import { expect, test } from "vitest";
import { readLimits } from "./read-limits.ts";

const AT = "2026-11-21T09:00:00.000Z";
const AT_S = Date.parse(AT) / 1000;
const read = (five_hour: unknown, seven_day?: unknown) => readLimits({ five_hour, seven_day }, AT);

test("what is missing is not said, and refused for nothing", () => {
  for (const limits of [undefined, null, {}, { five_hour: null }])
    expect(readLimits(limits, AT)).toEqual({ windows: null, refused: [] });
});

test.each([
  [-5, 4_000, /used_percentage is -5, which is no percentage/],
  [1e9, 4_000, /used_percentage is 1000000000, /],
  [Number.NaN, 4_000, /used_percentage is null, /],
  ["42", 4_000, /used_percentage is "42", /],
  [undefined, 4_000, /used_percentage is missing, /],
  [42, -1, /was to begin anew at 2026-11-21T08:59:59.000Z, which has passed/],
  [42, 365 * 86_400, /further ahead than it is long: a clock is wrong/],
  [42, 7 * 3_600, /further ahead/],
  [42, 1e18, /which is no time/],
])("%s %% that begins anew in %s s is refused with the reason", (percent, inS, why) => {
  const { windows, refused } = read({ used_percentage: percent, resets_at: AT_S + inS });
  expect(windows).toBeNull();
  expect(refused).toEqual([expect.stringMatching(why)]);
  expect(refused[0]).toMatch(/^five-hour window: /);
});

test("a reset that is no number, and a window that is no object, are refused", () => {
  for (const resets_at of [undefined, "soon", Number.NaN, {}])
    expect(read({ used_percentage: 1, resets_at }).refused).toHaveLength(1);
  expect(read("full").refused).toHaveLength(1);
  expect(readLimits("full", AT).refused).toHaveLength(1);
});

test("one window that cannot be does not take the other with it", () => {
  const { windows, refused } = read(
    { used_percentage: -1, resets_at: AT_S + 60 },
    { used_percentage: 10, resets_at: AT_S + 86_400 },
  );
  expect(windows).toMatchObject({ fiveHour: null, sevenDay: { usedPercent: 10 } });
  expect(refused).toHaveLength(1);
});

test("extra usage passes a hundred", () => {
  const { windows } = read({ used_percentage: 120, resets_at: AT_S + 60 });
  expect(windows?.fiveHour?.usedPercent).toBe(120);
});
