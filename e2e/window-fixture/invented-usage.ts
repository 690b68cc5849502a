import type { Rows } from "../../shared/contract/rows.ts";
import type { UsageReport, UsageSample } from "../../shared/model/usage-report.ts";

const HOUR_MS = 3_600_000;
/** Percent of a weekly window that a full five-hour window takes. */
const WEEKLY_SHARE = 9;

/** Days of work on each profile that was measured, as a core would tell of them. */
export function inventUsage(rows: Rows, hours: number): UsageReport {
  const nowMs = Date.now();
  return {
    at: new Date(nowMs).toISOString(),
    profiles: rows.profiles.map(({ name, plan, live, windows }, index) => ({
      name,
      plan,
      live,
      windows,
      burners: rows.sessions
        .filter(({ profile, task }) => profile === name && task !== null)
        .slice(0, 4)
        .map(({ id, task, name: title }, at, all) => ({
          session: id,
          task,
          title: rows.tasks.find((each) => each.id === task)?.title ?? title,
          tokens: 90_000 - at * 20_000,
          share: (all.length - at) / ((all.length * (all.length + 1)) / 2),
        })),
      history: {
        fiveHour: windows.fiveHour ? inventWindows(nowMs, hours, 5, index) : [],
        sevenDay: windows.sevenDay ? inventWeek(nowMs, hours, index) : [],
      },
    })),
    advice: {
      kind: "measured",
      text: "2 × Max 5x ($200 a month) would have carried what was used: $40 a month less than 2 × Max 5x and 2 × Pro ($240 a month).",
      days: 12.4,
      peakFiveHours: 8.1,
      peakWeek: 5.6,
      peakSessions: 14,
      isLowerBound: false,
      have: null,
      enough: null,
      apiUsd: 418.2,
      assumptions: [
        "max-1 is taken for Max 5x; say otherwise with prices.profiles in config.yaml.",
        "max-2 is taken for Max 5x; say otherwise with prices.profiles in config.yaml.",
      ],
      prices: { date: "2026-01-06", source: "the plans' public prices in the United States" },
    },
  };
}

/** Windows of so many hours that fill at a rate of their own and begin anew; at night nothing is measured. */
function inventWindows(nowMs: number, hours: number, length: number, seed: number): UsageSample[] {
  const samples: UsageSample[] = [];
  for (let hour = hours; hour >= 0; hour -= 0.25) {
    const atMs = nowMs - hour * HOUR_MS;
    const inWindow = (hours - hour + seed * 1.7) % (length + 1.5);
    if (inWindow > length || new Date(atMs).getUTCHours() < 5) continue;
    const usedPercent = Math.min(
      100,
      inWindow * (11 + seed * 6) * (1 + 0.2 * Math.sin(hour + seed)),
    );
    const resetsAt = new Date(atMs + (length - inWindow) * HOUR_MS).toISOString();
    samples.push({
      at: new Date(atMs).toISOString(),
      usedPercent: Math.max(0, usedPercent),
      resetsAt,
    });
  }
  return samples;
}

function inventWeek(nowMs: number, hours: number, seed: number): UsageSample[] {
  return Array.from({ length: hours + 1 }, (_, hour) => ({
    at: new Date(nowMs - (hours - hour) * HOUR_MS).toISOString(),
    usedPercent: Math.min(96, (hour / hours) * (4 - seed) * WEEKLY_SHARE + seed * 8),
    resetsAt: new Date(nowMs + 60 * HOUR_MS).toISOString(),
  }));
}
