import { expect, test } from "vitest";
import { ProfileName, SessionId, TaskId } from "../../../shared/model/ids.ts";
import type { UsageReport } from "../../../shared/model/usage-report.ts";
import { describeWindow } from "../describe-usage.ts";
import { runAgainst } from "../fake-surroundings.ts";

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 9, minutes)).toISOString();
const window = (usedPercent: number, resets: number) => ({
  usedPercent,
  resetsAt: at(resets),
  measuredAt: at(-3),
  source: "statusline" as const,
});
const profile = (name: string, windows: UsageReport["profiles"][number]["windows"]) => ({
  name: ProfileName.parse(name),
  plan: "max" as const,
  live: 2,
  windows,
  burners: [],
  history: { fiveHour: [], sevenDay: [] },
});
const report: UsageReport = {
  at: at(0),
  profiles: [
    {
      ...profile("max-1", {
        fiveHour: {
          ...window(42, 125),
          burn: { percentPerHour: 58, overMinutes: 30, runsOutAt: at(60) },
        },
        sevenDay: { ...window(10, 4_000), burn: null },
      }),
      burners: [
        {
          session: SessionId.parse("s-3"),
          task: TaskId.parse("t-7"),
          title: "Add limits",
          tokens: 5_000,
          share: 0.8,
        },
      ],
    },
    profile("max-2", { fiveHour: window(90, -5), sevenDay: null }),
  ],
  advice: { kind: "too-little", text: "Too little is known for advice." },
};

test("usage tells each window with its reset, age, rate and end, and what is not known as that", async () => {
  const { out, exitCode } = await runAgainst({ handlers: { "usage.read": () => report } }, "usage");
  expect(exitCode).toBe(0);
  expect(out).toMatch(/max-1 +5 h +42 % +2h 05m +3m ago, high +58\.0 % an hour +in 1h 00m/);
  expect(out).toMatch(/max-1 +7 d +10 % +2d 18h +3m ago, high +not known yet/);
  expect(out).toMatch(/max-2 +5 h +reset, not measured/);
  expect(out).toMatch(/max-2 +7 d +not known yet/);
  expect(out).toMatch(/max-1 +t-7 +80 % +5000 +Add limits/);
  expect(out).toContain("Too little is known for advice.");
});

test("usage --json is the report, of the profile and the hours that were asked for", async () => {
  const asked: unknown[] = [];
  const handlers = {
    "usage.read": (input: unknown) => {
      asked.push(input);
      return report;
    },
  };
  const { out } = await runAgainst(
    { handlers },
    "--json",
    "usage",
    "--profile",
    "max-1",
    "--hours",
    "24",
  );
  expect(JSON.parse(out)).toEqual(report);
  expect(asked).toEqual([{ profile: "max-1", hours: 24 }]);
});

test.each(["0", "-1", "1.5", "ten", "841"])(
  "%s hours are refused with what would be right",
  async (hours) => {
    const { err, exitCode } = await runAgainst({}, "usage", "--hours", hours);
    expect(exitCode).toBe(2);
    expect(err).toContain("between 1 and 840");
  },
);

test("in one cell a window is told with its reset, and what nobody measured as that", () => {
  const nowMs = Date.parse(at(0));
  expect(describeWindow(window(42, 125), "fiveHour", nowMs)).toBe("42 %, resets in 2h 05m");
  expect(describeWindow(window(90, -5), "fiveHour", nowMs)).toBe("reset, not measured");
  expect(describeWindow(null, "sevenDay", nowMs)).toBe("not known yet");
});
