import fc from "fast-check";
import { expect, test } from "vitest";
import { type KnownBackup, planBackups } from "./plan-backups.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2026-11-21T09:00:00.000Z");

function at(hours: number, seq: number): KnownBackup {
  return { name: `${hours}`, atMs: START_MS + hours * HOUR_MS, seq };
}

test("one is due when the newest is an hour old and something has changed since", () => {
  const check = (hours: number, seq: number, backups: readonly KnownBackup[]) =>
    planBackups({ nowMs: START_MS + hours * HOUR_MS, seq, backups }).isDue;
  expect(check(0, 5, [])).toBe(true);
  expect(check(0.9, 6, [at(0, 5)])).toBe(false);
  expect(check(1, 6, [at(0, 5)])).toBe(true);
  expect(check(100, 5, [at(0, 5)])).toBe(false);
  expect(check(-2, 6, [at(0, 5)])).toBe(true);
});

test("over a month of hourly changes a day of hours and two weeks of days stay", () => {
  let backups: readonly KnownBackup[] = [];
  for (let hour = 0; hour < 24 * 30; hour++) {
    const nowMs = START_MS + hour * HOUR_MS;
    expect(planBackups({ nowMs, seq: hour, backups }).isDue).toBe(true);
    const all = [...backups, at(hour, hour)];
    const { remove } = planBackups({ nowMs, seq: hour, backups: all });
    backups = all.filter(({ name }) => !remove.includes(name));
  }
  expect(backups.length).toBeGreaterThanOrEqual(24 + 12);
  expect(backups.length).toBeLessThanOrEqual(24 + 14);
});

test("whatever there is, the newest stays, and what stays is bounded", () => {
  const backup = fc.record({ name: fc.uuid(), atMs: fc.nat(1e11), seq: fc.nat() });
  fc.assert(
    fc.property(fc.array(backup), fc.nat(1e11), (backups, nowMs) => {
      const { remove } = planBackups({ nowMs, seq: 0, backups });
      const newest = Math.max(...backups.map(({ atMs }) => atMs));
      const kept = backups.filter(({ name }) => !remove.includes(name));
      if (backups.length > 0) expect(kept.some(({ atMs }) => atMs === newest)).toBe(true);
      const past = kept.filter(({ atMs }) => atMs <= nowMs);
      expect(past.length).toBeLessThanOrEqual(25 + 15 + 1);
    }),
  );
});
