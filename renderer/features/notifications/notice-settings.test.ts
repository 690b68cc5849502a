import { expect, test } from "vitest";
import { isTold, type NoticeSettings } from "./notice-settings.ts";

function check(settings: Partial<NoticeSettings>, clock: string, told: boolean) {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  const all = { isOn: true, off: [], quiet: null, isWhole: false, ...settings };
  expect(isTold(all, "finished", hours * 60 + minutes)).toBe(told);
}

test("tells everything until it is switched off, as a whole or by kind", () => {
  check({}, "12:00", true);
  check({ isOn: false }, "12:00", false);
  check({ off: ["finished"] }, "12:00", false);
  check({ off: ["failed"] }, "12:00", true);
});

test("keeps quiet within the hours, over midnight too", () => {
  const night = { quiet: { from: "22:00", to: "07:30" } };
  check(night, "21:59", true);
  check(night, "22:00", false);
  check(night, "03:00", false);
  check(night, "07:30", true);
  check({ quiet: { from: "12:00", to: "13:00" } }, "12:30", false);
  check({ quiet: { from: "12:00", to: "13:00" } }, "13:00", true);
});
