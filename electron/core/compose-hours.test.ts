import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataFolder, prepareDataFolder } from "./base/data-folder.ts";
import { type FakeClock, fakeClock } from "./base/fake-clock.ts";
import { silentLog } from "./base/log.ts";
import { composeHours } from "./compose-hours.ts";
import { openStore } from "./store/open-store.ts";
import { sampleProject } from "./store/sample-rows.ts";
import type { Store } from "./store/store.ts";
import { SettingsFiles } from "./supervisor/settings-files.ts";

let home: string;
let store: Store;
let clock: FakeClock;
const project = () => sampleProject({ path: path.join(home, "repo") });

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "switchyard-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  clock = fakeClock();
  store = openStore({ folder, clock, mode: "write" });
  store.write("person", () => store.projects.insert(project()));
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

/** Both files as they say of `dispatch`, the person's first; it is Saturday, 21 November, 09:00 UTC. */
function hoursOf(person: string, repository = "") {
  const { config } = dataFolder(home);
  const write = (file: string, dispatch: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, dispatch === "" ? "" : `dispatch: { ${dispatch} }\n`);
  };
  write(config, person);
  write(path.join(project().path, ".switchyard/config.yaml"), repository);
  const settings = new SettingsFiles(config);
  return composeHours({ store, clock, settings, log: silentLog });
}

test("what holds is read again when it is over, or the settings change", async () => {
  const ask = hoursOf('time-zone: UTC, hours: ["sat-mon 08:00-10:00"]');
  expect(ask(project().name)).toEqual({
    workers: null,
    essential: [],
    until: "Sat 21 Nov, 10:00 (UTC)",
  });
  await clock.advance(3_600_000);
  expect(ask(project().name)).toMatchObject({ workers: 0, until: "Sun 22 Nov, 08:00 (UTC)" });
});

test("a repository can say fewer hours than the person's settings, and not more", () => {
  const own = 'time-zone: UTC, hours: ["mon-fri 18:00-08:00"]';
  const workersOf = (person: string, repository: string) =>
    hoursOf(person, repository)(project().name).workers;
  expect(workersOf(own, "")).toBe(0);
  expect(workersOf(own, "hours: []")).toBe(0);
  expect(workersOf(own, 'hours: [{ at: "* * * * *", workers: all }]')).toBe(0);
  expect(workersOf(own, "time-zone: Pacific/Auckland")).toBe(0);
  expect(workersOf("hours: []", 'hours: [{ at: "* * * * *", workers: 2 }]')).toBe(2);
  const few = 'hours: [{ at: "* * * * *", workers: 3 }]';
  expect(workersOf(few, 'hours: [{ at: "* * * * *", workers: 2 }]')).toBe(2);
});

test("hours that nobody can read let work go on, and end nothing", () => {
  const errors: object[] = [];
  const log = { ...silentLog, error: (fields: object) => errors.push(fields) };
  const dispatch = { hours: [{ at: "at night", workers: 0 }] };
  const settings = { of: () => ({ dispatch }), ofPerson: () => ({}) };
  const ask = composeHours({ store, clock, settings, log });
  expect(ask(project().name)).toEqual({ workers: null, essential: [], until: null });
  expect(ask(project().name).workers).toBeNull();
  expect(errors).toHaveLength(1);
});
