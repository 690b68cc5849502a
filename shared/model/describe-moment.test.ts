import { expect, test } from "vitest";
import { describeMoment, ownZone } from "./describe-moment.ts";

test("a moment is told with its zone", () => {
  const moment = "2026-11-23T17:05:00.000Z";
  expect(describeMoment(moment, "Europe/Berlin")).toBe("Mon 23 Nov, 18:05 (Europe/Berlin)");
  expect(describeMoment(moment)).toBe(describeMoment(moment, ownZone()));
});

test("a moment of another year names it", () => {
  const now = new Date("2026-12-31T23:30:00.000Z");
  const moment = "2026-12-31T20:00:00.000Z";
  expect(describeMoment(moment, "UTC", now)).toBe("Thu 31 Dec, 20:00 (UTC)");
  // Where the new year has begun already.
  expect(describeMoment(moment, "Europe/Berlin", now)).toBe(
    "Thu 31 Dec 2026, 21:00 (Europe/Berlin)",
  );
});
