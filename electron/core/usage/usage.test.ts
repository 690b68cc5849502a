import { expect, test } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import type { UsageWindow, UsageWindows } from "../../../shared/model/profile.ts";
import type { Store } from "../store/store.ts";
import { createUsage, readWindow } from "./usage.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString();
const window = (usedPercent: number, measured: number, resets = 120): UsageWindow => ({
  usedPercent,
  resetsAt: at(resets),
  measuredAt: at(measured),
  source: "statusline",
});

/** Measurements of the five-hour window in the order in which they arrive, and the one that stands in the end. */
function check(measured: readonly UsageWindow[], stands: UsageWindow) {
  let held: UsageWindows = { fiveHour: null, sevenDay: null };
  const store = {
    // Usage looks at nothing of a profile but its windows.
    profiles: { find: () => ({ windows: held }) } as unknown as Store["profiles"],
    gauges: {
      setSession: () => undefined,
      tokensOf: () => 0,
      costOfToday: () => 0,
      setWindows: (_: ProfileName, news: UsageWindows) => {
        held = {
          fiveHour: news.fiveHour ?? held.fiveHour,
          sevenDay: news.sevenDay ?? held.sevenDay,
        };
      },
    },
  };
  const usage = createUsage({ store });
  for (const fiveHour of measured) {
    usage.take(ProfileName.parse("max-1"), { fiveHour, sevenDay: null });
  }
  expect(held.fiveHour).toEqual(stands);
}

test("the newest measurement stands, whichever session made it", () =>
  check([window(40, 0), window(42, 1)], window(42, 1)));
test("one that arrives late does not", () => check([window(42, 1), window(40, 0)], window(42, 1)));
test("an idle session that repeats itself does not turn back the meter", () =>
  check([window(60, 0), window(42, 1)], window(60, 0)));
test("what the provider gave back is seen after a while", () =>
  check([window(60, 0), window(42, 15)], window(42, 15)));
test("a window that began anew starts low", () =>
  check([window(100, 0), window(1, 1, 420)], window(1, 1, 420)));
test("the window before it is over for good", () =>
  check([window(1, 1, 420), window(100, 2)], window(1, 1, 420)));

test("a window says how it stands, and nothing of the time after its reset", () => {
  const now = new Date(at(60));
  expect(readWindow(null, now)).toEqual({ kind: "unmeasured" });
  expect(readWindow(window(42, 0), now)).toEqual({
    kind: "current",
    usedPercent: 42,
    resetsInMs: 3_600_000,
  });
  expect(readWindow(window(42, 0, 60), now)).toEqual({ kind: "past-reset", resetsAt: at(60) });
});
