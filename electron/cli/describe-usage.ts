import type { Advice, ProfileUsage, UsageReport } from "../../shared/model/usage-report.ts";
import { readWindow, type UsageWindow, type WindowName } from "../../shared/model/usage-window.ts";
import { writeTable } from "./write-table.ts";

const MINUTE_MS = 60_000;
const BURNERS_SHOWN = 3;

export function describeUsageReport({ at, profiles, advice }: UsageReport): string {
  const nowMs = Date.parse(at);
  const rows = profiles.flatMap((profile) => [
    windowRow(profile, "fiveHour", "5 h", nowMs),
    windowRow(profile, "sevenDay", "7 d", nowMs),
  ]);
  const head = ["profile", "window", "used", "resets in", "measured", "rate", "used up"];
  return [
    writeTable(head, rows, "No profiles."),
    ...describeBurners(profiles),
    describeAdvice(advice),
  ].join("\n\n");
}

function windowRow(
  { name, windows }: ProfileUsage,
  window: WindowName,
  title: string,
  nowMs: number,
): string[] {
  const usage = windows[window];
  return [name, title, ...windowCells(usage, window, nowMs)];
}

function windowCells(usage: UsageWindow | null, name: WindowName, nowMs: number): string[] {
  const reading = readWindow(usage, name, nowMs);
  switch (reading.kind) {
    case "unmeasured":
      return ["not known yet", "", "", "", ""];
    case "past-reset":
      return ["reset, not measured", "", "", "", ""];
    case "current": {
      const { usedPercent, resetsInMs, ageMs, confidence } = reading;
      const burn = usage?.burn;
      return [
        `${Math.round(usedPercent)} %`,
        span(resetsInMs),
        `${span(ageMs)} ago, ${confidence}`,
        burn ? `${burn.percentPerHour.toFixed(1)} % an hour` : "not known yet",
        burn ? describeEnd(burn.runsOutAt, nowMs) : "",
      ];
    }
  }
}

/** In one cell, e.g. `42 %, resets in 2h 05m`. */
export function describeWindow(usage: UsageWindow | null, name: WindowName, nowMs: number): string {
  const reading = readWindow(usage, name, nowMs);
  switch (reading.kind) {
    case "unmeasured":
      return "not known yet";
    case "past-reset":
      return "reset, not measured";
    case "current":
      return `${Math.round(reading.usedPercent)} %, resets in ${span(reading.resetsInMs)}`;
  }
}

function describeEnd(runsOutAt: string | null, nowMs: number): string {
  if (runsOutAt === null) return "not before its reset";
  const inMs = Date.parse(runsOutAt) - nowMs;
  return inMs <= 0 ? "now" : `in ${span(inMs)}`;
}

function describeBurners(profiles: readonly ProfileUsage[]): readonly string[] {
  const rows = profiles.flatMap(({ name, burners }) =>
    burners
      .slice(0, BURNERS_SHOWN)
      .map(({ session, task, title, share, tokens }) => [
        name,
        task ?? session,
        `${Math.round(share * 100)} %`,
        String(tokens),
        title,
      ]),
  );
  if (rows.length === 0) return [];
  const head = ["profile", "by", "share", "tokens", "title"];
  return [`Used in the last five hours:\n${writeTable(head, rows, "")}`];
}

function describeAdvice(advice: Advice): string {
  if (advice.kind === "too-little") return advice.text;
  const { days, peakFiveHours, peakWeek, peakSessions, apiUsd, assumptions, prices } = advice;
  return [
    advice.text,
    `It rests on ${days.toFixed(1)} days: at most ${peakFiveHours.toFixed(1)} Pro windows in five hours, ${peakWeek.toFixed(1)} in a week, ${peakSessions} sessions at once.`,
    `At the prices of the API the same work costs $${apiUsd.toFixed(2)}, by what the programs say.`,
    ...assumptions,
    `Prices of ${prices.date}: ${prices.source}. Write others into config.yaml under prices.`,
  ].join("\n");
}

/** Two units at most, e.g. `2h 05m`. */
function span(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${String(minutes % 60).padStart(2, "0")}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
