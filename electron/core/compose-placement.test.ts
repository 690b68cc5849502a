import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataFolder, prepareDataFolder } from "./base/data-folder.ts";
import { fakeClock } from "./base/fake-clock.ts";
import { composePlacer } from "./compose-placement.ts";
import { composeWorkerSettings } from "./compose-worker-settings.ts";
import { openStore } from "./store/open-store.ts";
import { sampleProfile, sampleProject, sampleSession, sampleTask } from "./store/sample-rows.ts";
import type { Store } from "./store/store.ts";
import { SettingsFiles } from "./supervisor/settings-files.ts";

let home: string;
let store: Store;
const clock = fakeClock();
const project = () => sampleProject({ path: path.join(home, "repo") });

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "switchyard-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  store = openStore({ folder, clock, mode: "write" });
  store.write("person", () => store.projects.insert(project()));
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

test.each([
  ["slots: 1", "slots: 0", "none"],
  ["slots: 1", "", "none"],
  ["", "slots: 1", "none"],
  ["slots: 0", "slots: 0", "placed"],
])(
  "with %j kept by the person and %j by the repository a worker gets of the last slot: %s",
  (own, theirs, kind) => {
    const { config } = dataFolder(home);
    const file = path.join(project().path, ".switchyard/config.yaml");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(config, `dispatch: { reserve: { ${own} } }\n`);
    writeFileSync(file, `dispatch: { reserve: { ${theirs} } }\n`);
    const settings = new SettingsFiles(config);
    const workers = composeWorkerSettings({ store, clock, settings, whyNoSandbox: () => null });
    const task = store.write("test", () => {
      const profile = sampleProfile({ cap: 2 });
      store.profiles.insert(profile, {});
      store.sessions.insert(sampleSession({ profile: profile.name, state: "working" }));
      return store.tasks.insert(sampleTask());
    });
    expect(composePlacer({ store, settings, clock, workers }).place(task).kind).toBe(kind);
  },
);
