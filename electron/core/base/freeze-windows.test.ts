import { expect, test } from "vitest";
import type { HandFreeze } from "../../../shared/model/freeze.ts";
import type { FreezeWindow } from "../../../shared/model/settings.ts";
import { frozenAt } from "./freeze-windows.ts";
import { readSettings } from "./read-settings.ts";

const timezone = "Europe/Berlin";
const nights: FreezeWindow = { from: "18:00", to: "08:00", days: "mon-fri", timezone };
const weekend: FreezeWindow = { from: "00:00", to: "24:00", days: ["sat", "sun"], timezone };
const byHand = (until: string | null): HandFreeze => ({ since: "2026-11-23T09:00:00.000Z", until });

function check(
  windows: readonly FreezeWindow[],
  now: string,
  until: string | null | "free",
  hand: HandFreeze | null = null,
) {
  const frozen = frozenAt(hand, windows, new Date(now));
  expect(frozen === null ? "free" : (frozen.until?.replace(".000Z", "Z") ?? null)).toBe(until);
  return frozen?.by;
}

// 2026-11-23 is a Monday; Berlin is an hour ahead of UTC then.
test("in its window nothing lands, up to its end and over midnight", () => {
  check([nights], "2026-11-23T16:59:59Z", "free");
  check([nights], "2026-11-23T17:00:00Z", "2026-11-24T07:00:00Z");
  check([nights], "2026-11-24T06:59:59Z", "2026-11-24T07:00:00Z");
  check([nights], "2026-11-24T07:00:00Z", "free");
});
test("windows that meet are one freeze", () => {
  // Friday night ends on Saturday at 08:00, within the weekend.
  check([nights, weekend], "2026-11-27T20:00:00Z", "2026-11-29T23:00:00Z");
});
test("each window has a time zone of its own", () => {
  const tokyo: FreezeWindow = { from: "09:00", to: "10:00", timezone: "Asia/Tokyo" };
  check([tokyo], "2026-11-23T00:30:00Z", "2026-11-23T01:00:00Z");
  check([{ ...tokyo, timezone: "America/New_York" }], "2026-11-23T00:30:00Z", "free");
});
test("where the clocks change, the time of the clock counts", () => {
  const early: FreezeWindow = { from: "01:00", to: "05:00", timezone };
  // An hour less in spring, an hour more in autumn.
  check([early], "2026-03-29T00:30:00Z", "2026-03-29T03:00:00Z");
  check([early], "2026-10-24T23:30:00Z", "2026-10-25T04:00:00Z");
  const gone: FreezeWindow = { from: "02:15", to: "02:45", timezone };
  check([gone], "2026-03-29T06:00:00Z", "free");
  check([gone], "2026-03-30T00:30:00Z", "2026-03-30T00:45:00Z");
});
test("a clock that is set back is in the window again, and one that is set on is out of it", () => {
  check([nights], "2026-11-24T07:00:01Z", "free");
  check([nights], "2026-11-24T06:00:00Z", "2026-11-24T07:00:00Z");
});
test("a freeze by hand lasts until its end or has none, and windows prolong it", () => {
  expect(
    check([], "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z", byHand("2026-11-23T11:00:00.000Z")),
  ).toBe("person");
  check([], "2026-11-23T11:00:00Z", "free", byHand("2026-11-23T11:00:00.000Z"));
  check([nights], "2026-11-23T10:00:00Z", null, byHand(null));
  check(
    [nights],
    "2026-11-23T10:00:00Z",
    "2026-11-24T07:00:00Z",
    byHand("2026-11-23T17:30:00.000Z"),
  );
  expect(
    check(
      [nights],
      "2026-11-23T18:00:00Z",
      "2026-11-24T07:00:00Z",
      byHand("2026-11-23T11:00:00.000Z"),
    ),
  ).toBe("settings");
});
test("a window of all days and hours has no end", () =>
  check([{ from: "00:00", to: "24:00" }], "2026-11-23T10:00:00Z", null));

test.each([
  [
    '{ from: "25:00", to: "08:00" }',
    'queue.freeze.0.from: "25:00" is not right. Write a clock time from 00:00 to 23:59.',
  ],
  [
    '{ from: "08:00", to: "8" }',
    'queue.freeze.0.to: "8" is not right. Write a clock time from 00:00 to 24:00.',
  ],
  [
    '{ from: "08:00", to: "08:00" }',
    'It ends where it begins; write from: "00:00" and to: "24:00" for whole days.',
  ],
  [
    '{ from: "08:00", to: "09:00", days: monday }',
    "Write days such as mon-fri, sat or [mon, wed].",
  ],
  [
    '{ from: "08:00", to: "09:00", timezone: Mars/Base }',
    "Write a time zone such as Europe/Berlin.",
  ],
  ['{ from: "08:00" }', "queue.freeze.0.to: it is missing."],
  [
    '{ from: "08:00", to: "09:00", zone: UTC }',
    "there is no such key. Known here: from, to, days, timezone.",
  ],
])("the window %s is refused with its line and what would be right", (window, sentence) => {
  const reading = readSettings("config.yaml", `version: 1\nqueue:\n  freeze:\n    - ${window}\n`);
  expect(reading.kind === "bad" && reading.message).toContain(sentence);
  expect(reading.kind === "bad" && reading.message).toContain("config.yaml:4: ");
});
