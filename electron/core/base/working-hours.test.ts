import fc from "fast-check";
import { expect, test } from "vitest";
import type { HoursLine } from "../../../shared/model/settings.ts";
import { readSettings } from "./read-settings.ts";
import { hoursAt, strictestHoursAt, weekOfHours } from "./working-hours.ts";

const zone = "Europe/Berlin";

/** `when`: Berlin is one hour ahead of UTC in November. */
function check(
  hours: readonly HoursLine[],
  when: string,
  workers: number | null,
  until: string | null,
  essential: readonly string[] = [],
) {
  expect(hoursAt({ "time-zone": zone, hours: [...hours] }, new Date(when))).toEqual({
    workers,
    essential,
    until: typeof until === "string" ? new Date(until).toISOString() : until,
    zone,
  });
}

const evening = { at: "0 18 * * mon-fri", workers: 6 };
const morning = { at: "0 8 * * mon-fri", workers: 1, essential: ["fix"] };
const nights = [evening, morning];

test("without hours there is nothing to wait for", () => {
  check([], "2026-11-23T12:00:00Z", null, null);
  expect(hoursAt(undefined, new Date(0)).workers).toBeNull();
});
test("the cron line whose time came last is in force, until one says otherwise", () => {
  check(nights, "2026-11-23T16:59:59Z", 1, "2026-11-23T17:00:00Z", ["fix"]);
  check(nights, "2026-11-23T17:00:00Z", 6, "2026-11-24T07:00:00Z");
  check(nights, "2026-11-21T12:00:00Z", 6, "2026-11-23T07:00:00Z");
});
test("of two lines for one time the later one holds", () =>
  check([evening, { ...evening, workers: 2 }], "2026-11-23T17:00:00Z", 2, null));
test("all is as many as the project may run", () =>
  check(
    [{ ...evening, workers: "all" }, morning],
    "2026-11-23T20:00:00Z",
    null,
    "2026-11-24T07:00:00Z",
  ));
test("a span lets work go on while it lasts, over midnight too", () => {
  const spans = ["mon-fri 18:00-08:00"];
  check(spans, "2026-11-23T16:59:00Z", 0, "2026-11-23T17:00:00Z");
  check(spans, "2026-11-23T17:00:00Z", null, "2026-11-24T07:00:00Z");
  check(spans, "2026-11-28T06:59:00Z", null, "2026-11-28T07:00:00Z");
  check(spans, "2026-11-28T07:00:00Z", 0, "2026-11-30T17:00:00Z");
});
test("a span may go over the end of the week", () => {
  const spans = ["fri-mon 18:00-08:00"];
  check(spans, "2026-11-22T17:00:00Z", null, "2026-11-23T07:00:00Z");
  check(spans, "2026-11-23T17:00:00Z", null, "2026-11-24T07:00:00Z");
  check(spans, "2026-11-24T07:00:00Z", 0, "2026-11-27T17:00:00Z");
  check(["sun-sun 10:00-12:00"], "2026-11-22T10:00:00Z", null, "2026-11-22T11:00:00Z");
});
test("a span may end with the day, as the hours are printed", () => {
  const spans = ["sat-sun 00:00-24:00"];
  const read = (span: string) => readSettings("config.yaml", `dispatch: { hours: ["${span}"] }`);
  expect(read("sat-sun 00:00-24:00").kind).toBe("good");
  expect(read("24:00-08:00").kind).not.toBe("good");
  expect(read("00:00-24:30").kind).not.toBe("good");
  check(spans, "2026-11-27T22:59:00Z", 0, "2026-11-27T23:00:00Z");
  check(spans, "2026-11-28T23:00:00Z", null, "2026-11-29T23:00:00Z");
  check(spans, "2026-11-29T23:00:00Z", 0, "2026-12-04T23:00:00Z");
});
test("every span that the settings take has an answer", () => {
  const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  const spans = days.flatMap((from) => days.map((to) => `${from}-${to} 08:00-20:00`));
  for (const span of spans) {
    expect(readSettings("config.yaml", `dispatch: { hours: ["${span}"] }`).kind).toBe("good");
    check([span], "2026-11-25T22:00:00Z", 0, expect.any(String));
  }
});
test("a line that comes each minute keeps no other from its time", () => {
  const byMinute = [
    { at: "* 9-17 * * mon-fri", workers: 1 },
    { at: "0 18 * * mon-fri", workers: "all" },
  ] as const;
  check(byMinute, "2026-11-23T08:30:00Z", 1, "2026-11-23T17:00:00Z");
  check(byMinute, "2026-11-23T17:30:00Z", null, "2026-11-24T08:00:00Z");
});
test("where hundreds of times change nothing, the answer holds until the last that was looked at", () => {
  const together = [
    { at: "* * * * *", workers: 2 },
    { at: "*/1 * * * *", workers: 1 },
    { at: "0 8 * * *", workers: 3 },
  ] as const;
  check(together, "2026-11-23T12:00:00Z", 1, "2026-11-23T15:20:00Z");
});
test("spans that meet are one", () =>
  check(["08:00-12:00", "12:00-17:00"], "2026-11-23T08:00:00Z", null, "2026-11-23T16:00:00Z"));
test("a span of a whole day is always", () =>
  check(["00:00-00:00"], "2026-11-23T08:00:00Z", null, null));
test("where the clocks change, the time of the clock counts", () => {
  check([evening, morning], "2026-03-27T16:00:00Z", 1, "2026-03-27T17:00:00Z", ["fix"]);
  check([evening, morning], "2026-03-30T15:30:00Z", 1, "2026-03-30T16:00:00Z", ["fix"]);
});
test("labels that are always essential are, beside those of a line", () => {
  const dispatch = { "time-zone": zone, essential: ["urgent"], hours: [morning] };
  expect(hoursAt(dispatch, new Date("2026-11-23T12:00:00Z")).essential).toEqual(["urgent", "fix"]);
});
test("the week begins today, in clock times of the zone, without a gap", () => {
  const dispatch = { "time-zone": zone, hours: nights };
  const week = weekOfHours(dispatch, undefined, new Date("2026-11-22T23:30:00Z"));
  expect(week.now).toEqual({
    workers: 6,
    essential: [],
    until: "Mon 23 Nov, 08:00 (Europe/Berlin)",
  });
  expect(week.days.map(({ day }) => day)).toEqual([
    "Mon 23 Nov",
    "Tue 24 Nov",
    "Wed 25 Nov",
    "Thu 26 Nov",
    "Fri 27 Nov",
    "Sat 28 Nov",
    "Sun 29 Nov",
  ]);
  expect(week.days[0]?.stretches).toEqual([
    { from: "00:00", to: "08:00", workers: 6, essential: [] },
    { from: "08:00", to: "18:00", workers: 1, essential: ["fix"] },
    { from: "18:00", to: "24:00", workers: 6, essential: [] },
  ]);
  expect(week.days[5]?.stretches).toEqual([
    { from: "00:00", to: "24:00", workers: 6, essential: [] },
  ]);
  for (const { stretches } of week.days)
    for (const [n, stretch] of stretches.entries())
      expect(stretch.from).toBe(stretches[n - 1]?.to ?? "00:00");
});
test("a day on which the clocks change is a day like another", () => {
  const dispatch = {
    "time-zone": zone,
    hours: [
      { at: "0 8 * * *", workers: 1 },
      { at: "0 18 * * *", workers: 2 },
    ],
  };
  const week = weekOfHours(dispatch, undefined, new Date("2026-10-24T12:00:00Z"));
  expect(week.days).toHaveLength(7);
  expect(week.days[1]).toEqual({
    day: "Sun 25 Oct",
    stretches: [
      { from: "00:00", to: "08:00", workers: 2, essential: [] },
      { from: "08:00", to: "18:00", workers: 1, essential: [] },
      { from: "18:00", to: "24:00", workers: 2, essential: [] },
    ],
  });
});
test("without hours the week says so", () => {
  const { hasHours, days, now } = weekOfHours(
    { "time-zone": zone },
    undefined,
    new Date("2026-11-22T12:00:00Z"),
  );
  expect([hasHours, days.length, now.workers]).toEqual([false, 7, null]);
});

test("of two files the fewer hours hold, and essential is what both say", () => {
  const own = { "time-zone": zone, essential: ["urgent"], hours: ["08:00-18:00"] };
  const at = (dispatch: Parameters<typeof hoursAt>[0], when: string) => {
    const { workers, essential, until } = strictestHoursAt(dispatch, own, new Date(when));
    return [workers, essential, until];
  };
  const noon = "2026-11-23T11:00:00Z";
  const night = "2026-11-23T20:00:00Z";
  const morning = "2026-11-24T07:00:00.000Z";
  const evening = "2026-11-23T17:00:00.000Z";
  expect(at({ hours: [], essential: ["all"] }, night)).toEqual([0, ["urgent"], morning]);
  expect(at({ hours: [], essential: ["all"] }, noon)).toEqual([null, ["all"], evening]);
  const theirs = {
    "time-zone": zone,
    essential: ["urgent", "ui"],
    hours: [
      { at: "0 12 * * *", workers: 2 },
      { at: "0 20 * * *", workers: 1 },
    ],
  };
  expect(at(theirs, noon)).toEqual([2, ["urgent", "ui"], evening]);
  // At 20:00 the project's own change changes nothing.
  expect(at(theirs, "2026-11-23T18:00:00Z")).toEqual([0, ["urgent"], morning]);
  const shifted = { ...own, "time-zone": "Pacific/Auckland", essential: ["ui"] };
  expect(at(shifted, night)).toEqual([0, ["urgent"], morning]);
});

test("what holds now holds until it is said to change, and not beyond", () => {
  const anyLine = fc.oneof(
    fc.record({
      at: fc.constantFrom("0 8 * * *", "30 18 * * mon-fri", "0 0 * * sat", "15 3 1 * *"),
      workers: fc.integer({ min: 0, max: 3 }),
    }),
  );
  const anySpan = fc.constantFrom("08:00-18:00", "fri-mon 22:00-06:00", "sat 10:00-11:30");
  const anyHours = fc.oneof(
    fc.array(anyLine, { maxLength: 4 }),
    fc.array(anySpan, { maxLength: 3 }),
  );
  fc.assert(
    fc.property(anyHours, fc.nat(60 * 24 * 30), (hours, minute) => {
      const dispatch = { "time-zone": zone, hours: [...hours] };
      const now = new Date(Date.UTC(2026, 9, 10) + minute * 60_000);
      const { workers, until } = hoursAt(dispatch, now);
      if (until === null) return;
      expect(Date.parse(until)).toBeGreaterThan(now.getTime());
      expect(hoursAt(dispatch, new Date(Date.parse(until) - 1_000)).workers).toBe(workers);
      expect(hoursAt(dispatch, new Date(until)).workers).not.toBe(workers);
    }),
    { numRuns: 60 },
  );
});
