import { expect, test } from "vitest";
import type { HoursWeek } from "../../shared/model/hours.ts";
import { runAgainst } from "./fake-surroundings.ts";

const week: HoursWeek = {
  zone: "Europe/Berlin",
  hasHours: true,
  now: { workers: 1, essential: ["fix"], until: "Mon 23 Nov, 18:00 (Europe/Berlin)" },
  days: [
    {
      day: "Mon 23 Nov",
      stretches: [
        { from: "00:00", to: "18:00", workers: 1, essential: ["fix"] },
        { from: "18:00", to: "24:00", workers: null, essential: [] },
      ],
    },
    { day: "Tue 24 Nov", stretches: [{ from: "00:00", to: "24:00", workers: 0, essential: [] }] },
  ],
};

async function show(answer: HoursWeek, ...words: readonly string[]) {
  const handlers = { "project.hours": () => answer };
  return await runAgainst({ handlers }, "project", "hours", "app", ...words);
}

test("working hours are told as they are now, and day by day", async () => {
  const { out } = await show(week);
  expect(out).toContain(
    "Now: 1 worker, and fix all the same until Mon 23 Nov, 18:00 (Europe/Berlin).",
  );
  expect(out).toMatch(
    /Mon 23 Nov +00:00-18:00 1 worker, and fix all the same; 18:00-24:00 as many as may/,
  );
  expect(out).toMatch(/Tue 24 Nov +00:00-24:00 no worker/);
  expect((await show(week, "--json")).json()).toEqual(week);
});

test("a project without hours says how to have some", async () => {
  const none = { ...week, hasHours: false };
  expect((await show(none)).out).toContain("its workers run at any time");
});
