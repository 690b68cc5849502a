import { expect, test } from "vitest";
import { describeMoment, ownZone } from "./describe-moment.ts";

test("a moment is told with its zone", () => {
  const moment = "2026-11-23T17:05:00.000Z";
  expect(describeMoment(moment, "Europe/Berlin")).toBe("Mon 23 Nov, 18:05 (Europe/Berlin)");
  expect(describeMoment(moment)).toBe(describeMoment(moment, ownZone()));
});
