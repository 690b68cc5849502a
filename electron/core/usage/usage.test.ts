import { expect, test } from "vitest";
import { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import type { UsageSample } from "../../../shared/model/usage-report.ts";
import type { UsageWindow, UsageWindows, WindowName } from "../../../shared/model/usage-window.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { silentLog } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import { createUsage, type Told } from "./usage.ts";

const MAX = ProfileName.parse("max-1");
const ONE = SessionId.parse("s-1");
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString();
const window = (usedPercent: number, measured: number, resets = 120): UsageWindow => ({
  usedPercent,
  resetsAt: at(resets),
  measuredAt: at(measured),
  source: "statusline",
});

function open(clock = fakeClock()) {
  let held: UsageWindows = { fiveHour: null, sevenDay: null };
  const samples: UsageSample[] = [];
  const told: object[] = [];
  const store = {
    // Usage looks at nothing of a profile but its windows, and keeps nothing but measurements.
    profiles: { find: () => ({ windows: held }) } as unknown as Store["profiles"],
    gauges: {
      addSample: (_: ProfileName, name: WindowName, sample: UsageSample) => {
        if (name === "fiveHour") samples.push(sample);
      },
      firstSampleOf: (
        _: ProfileName,
        name: WindowName,
        { sinceMs, resetsAt }: Parameters<Store["gauges"]["firstSampleOf"]>[2],
      ) =>
        samples.find(
          (each) =>
            name === "fiveHour" && Date.parse(each.at) >= sinceMs && each.resetsAt === resetsAt,
        ),
      setWindows: (_: ProfileName, news: UsageWindows) => {
        held = {
          fiveHour: news.fiveHour ?? held.fiveHour,
          sevenDay: news.sevenDay ?? held.sevenDay,
        };
      },
    } as unknown as Store["gauges"],
  };
  const log = { ...silentLog, warn: (fields: object) => void told.push(fields) };
  const usage = createUsage({ store, clock, log });
  const take = (more: Partial<Told>) =>
    usage.take({ profile: MAX, session: ONE, answer: null, windows: null, refused: [], ...more });
  return { take, told, held: () => held.fiveHour, clock };
}

/** Measurements of the five-hour window in the order in which they arrive, and the one that stands in the end. */
async function check(measured: readonly UsageWindow[], stands: UsageWindow) {
  const { take, held, clock } = open();
  await clock.advance(20 * 60_000);
  for (const fiveHour of measured) take({ windows: { fiveHour, sevenDay: null } });
  expect(held()).toMatchObject(stands);
}

test("the newest measurement stands, whichever session made it", async () =>
  await check([window(40, 0), window(42, 1)], window(42, 1)));
test("one that arrives late does not", () => check([window(42, 1), window(40, 0)], window(42, 1)));
test("an idle session that repeats itself does not turn back the meter", async () =>
  await check([window(60, 0), window(42, 1)], window(60, 0)));
test("what the provider gave back is seen after a while", async () =>
  await check([window(60, 0), window(42, 15)], window(42, 15)));
test("a window that began anew starts low", async () =>
  await check([window(100, 0), window(1, 1, 320)], window(1, 1, 320)));
test("the window before it is over for good", async () =>
  await check([window(1, 1, 320), window(100, 2)], window(1, 1, 320)));

test("a reset that the provider moved to an earlier time is seen after a while", async () =>
  await check([window(60, 0), window(3, 9, 90), window(4, 10, 90)], window(4, 10, 90)));

test("numbers that a session draws once more with no new answer are no measurement, and new numbers with none are", () => {
  const { take, held } = open();
  const tell = (usedPercent: number, minute: number, answer: string) =>
    take({ answer, windows: { fiveHour: window(usedPercent, minute), sevenDay: null } });
  expect(tell(40, -3, "a")).toBe(true);
  expect(tell(40, -2, "a")).toBe(false);
  expect(held()?.measuredAt).toBe(at(-3));
  // A refusal comes with no answer.
  expect(tell(100, -1, "a")).toBe(true);
  expect(tell(100, 0, "b")).toBe(true);
  expect(held()?.measuredAt).toBe(at(0));
});

test("what cannot be is told once in the log, whatever the numbers in it, and reaches no meter", () => {
  const { take, told, held } = open();
  const why = (number: number) =>
    `weekly window: used_percentage is ${number}, which is no percentage`;
  for (const number of [-5, -6, 1e9]) take({ refused: [why(number)] });
  take({ refused: ["five-hour window: resets_at is missing, which is no time"] });
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({ profile: MAX, session: ONE, why: why(-5) });
  expect(held()).toBeNull();
});

test("what a clock measured that ran a day ahead gives way once it was set right", async () => {
  const { take, held, clock } = open();
  const day = 24 * 60;
  clock.jump(day * 60_000);
  take({ windows: { fiveHour: window(90, day, day + 120), sevenDay: null } });
  expect(held()?.usedPercent).toBe(90);
  clock.jump(-day * 60_000);
  take({ windows: { fiveHour: window(91, 0), sevenDay: null } });
  expect(held()).toMatchObject({ usedPercent: 91, measuredAt: at(0) });
});

test("a measurement says how fast its window is used up", async () => {
  const { take, held, clock } = open();
  take({ windows: { fiveHour: window(10, 0), sevenDay: null } });
  expect(held()?.burn).toBeNull();
  await clock.advance(30 * 60_000);
  take({ windows: { fiveHour: window(40, 30), sevenDay: null } });
  expect(held()?.burn).toEqual({ percentPerHour: 60, overMinutes: 30, runsOutAt: at(90) });
});

test("how fast is told over the last hour of this window, by its first and its newest measurement", async () => {
  const { take, held, clock } = open();
  for (const [minute, percent, resets] of [
    [0, 99, 5],
    [10, 1, 300],
    [40, 10, 300],
    [90, 30, 300],
    [100, 40, 300],
  ] as const) {
    await clock.advance(Date.parse(at(minute)) - clock.now().getTime());
    take({ windows: { fiveHour: window(percent, minute, resets), sevenDay: null } });
  }
  expect(held()?.burn).toMatchObject({ percentPerHour: 30, overMinutes: 60 });
});
