import fc from "fast-check";
import { expect, test } from "vitest";
import { burnOf, type LearnedBurn, learnBurn, UNLEARNED } from "./plan-learned-burn.ts";

const BEGIN = Date.parse("2026-11-21T09:00:00.000Z");
const instant = (minute: number) => new Date(BEGIN + minute * 60_000).toISOString();

interface Look {
  readonly minute: number;
  readonly live: number;
  readonly used: number;
  readonly resets?: number;
}

function learnFrom(looks: readonly Look[]): LearnedBurn {
  return looks.reduce(
    (learned, { minute, live, used, resets = 300 }) =>
      learnBurn(learned, {
        live,
        windows: {
          fiveHour: {
            usedPercent: used,
            resetsAt: instant(resets),
            measuredAt: instant(minute),
            source: "statusline",
          },
          sevenDay: null,
        },
      }),
    UNLEARNED,
  );
}

function check(looks: readonly Look[], fiveHour: number | null) {
  const burn = burnOf(learnFrom(looks)).fiveHour;
  if (fiveHour === null) expect(burn).toBeNull();
  else expect(burn).toBeCloseTo(fiveHour);
}

const steady = (live: number, perMinute: number) =>
  [0, 10, 20, 30, 40].map((minute) => ({ minute, live, used: minute * perMinute }));

test("it is percent per session and hour", () => {
  check(steady(2, 0.5), 15);
  check(steady(1, 0.5), 30);
});
test("too little seen tells nothing", () => {
  check([], null);
  check([{ minute: 0, live: 4, used: 7 }], null);
  check(steady(2, 0.05), null);
});
test("a window that begins anew takes nothing back", () =>
  check([...steady(2, 0.5), { minute: 50, live: 2, used: 1, resets: 600 }], 15));
test("a reset that is told a second later by the next answer is of the same window", () =>
  check(
    steady(2, 0.5).map((look, at) => ({ ...look, resets: 300 + (at % 2) / 60 })),
    15,
  ));
test("a measurement heard twice, or an older one, changes nothing", () => {
  const looks = steady(2, 0.5);
  check([...looks, ...looks.slice(-1), ...looks.slice(1, 2)], 15);
});
test("hours in which nobody measured are left out", () =>
  check([...steady(2, 0.5), { minute: 240, live: 2, used: 99 }], 15));
test("an hour without a session is no hour of work", () =>
  check(
    [...steady(2, 0.5), { minute: 50, live: 0, used: 20 }, { minute: 60, live: 0, used: 20 }],
    (20 / 90) * 60,
  ));

test("whatever is measured, a burn is a number that makes sense", () => {
  const anyLook = fc.record({
    minute: fc.nat(400),
    live: fc.nat(12),
    used: fc.double({ min: 0, max: 130, noNaN: true }),
    resets: fc.constantFrom(300, 600),
  });
  fc.assert(
    fc.property(fc.array(anyLook, { maxLength: 40 }), (looks) => {
      const { fiveHour, sevenDay } = burnOf(learnFrom(looks));
      expect(sevenDay).toBeNull();
      if (fiveHour === null) return;
      expect(Number.isFinite(fiveHour)).toBe(true);
      expect(fiveHour).toBeGreaterThan(0);
    }),
  );
});
