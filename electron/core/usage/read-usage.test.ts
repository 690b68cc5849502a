import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import { KNOWN_PRICES } from "../../../shared/model/price-list.ts";
import { UsageReport } from "../../../shared/model/usage-report.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProfile, sampleSession } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { readUsage } from "./read-usage.ts";
import { thinSamples } from "./thin-samples.ts";

const MAX = ProfileName.parse("max-1");
let home: string;
let clock: FakeClock;
let store: Store;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-usage-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  clock = fakeClock();
  store = openStore({ folder, clock, mode: "write" });
  store.write("test", () => store.profiles.insert(sampleProfile(), {}));
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const read = (hours = 24) =>
  UsageReport.parse(
    readUsage(
      { store, now: () => clock.now(), prices: () => KNOWN_PRICES },
      store.profiles.list(),
      hours,
    ),
  );
const sampleAt = (minute: number, usedPercent: number) => ({
  at: new Date(clock.now().getTime() + minute * 60_000).toISOString(),
  usedPercent,
  resetsAt: new Date(clock.now().getTime() + 3_600_000 * 5).toISOString(),
});

test("with nothing measured it says so, and is empty otherwise", () => {
  expect(read()).toMatchObject({
    profiles: [{ name: "max-1", burners: [], history: { fiveHour: [], sevenDay: [] } }],
    advice: { kind: "too-little" },
  });
});

test("who used a profile lately is told with their share, the most first", () => {
  const spend = (tokens: number) => {
    const { id } = store.write("test", () =>
      store.sessions.insert(sampleSession({ profile: MAX, project: null, task: null })),
    );
    store.gauges.setSession(id, { context: null, costUsd: 1, answer: { id: "a", tokens } });
    store.write("test", () => store.sessions.update(id, { state: "ended" }));
    return id;
  };
  const [little, much] = [spend(100), spend(300)];
  const [profile] = read().profiles;
  expect(profile?.burners).toMatchObject([
    { session: much, tokens: 300, share: 0.75 },
    { session: little, tokens: 100, share: 0.25 },
  ]);
  clock.jump(6 * 3_600_000);
  expect(read().profiles[0]?.burners).toEqual([]);
});

test("only the hours that were asked for are told", async () => {
  store.gauges.addSample(MAX, "fiveHour", sampleAt(-180, 10));
  store.gauges.addSample(MAX, "fiveHour", sampleAt(-30, 20));
  const percents = (hours: number) =>
    read(hours).profiles[0]?.history.fiveHour.map(({ usedPercent }) => usedPercent);
  expect([percents(24), percents(1)]).toEqual([[10, 20], [20]]);
});

test("a long history is thinned out to what a chart can show, with its newest and the peaks of its windows", () => {
  const samples = Array.from({ length: 2_000 }, (_, minute) => ({
    ...sampleAt(minute, minute % 300),
    resetsAt: new Date(
      clock.now().getTime() + (Math.floor(minute / 300) + 1) * 300 * 60_000,
    ).toISOString(),
  }));
  const thin = thinSamples(samples, 100);
  expect(thin.length).toBeLessThanOrEqual(110);
  expect(thin.at(-1)).toEqual(samples.at(-1));
  expect(thin.filter(({ usedPercent }) => usedPercent === 299)).toHaveLength(6);
  expect(thinSamples(samples.slice(0, 50), 100)).toHaveLength(50);
});
