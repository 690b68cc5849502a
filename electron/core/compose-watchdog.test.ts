import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "./base/clock.ts";
import { dataFolder, prepareDataFolder } from "./base/data-folder.ts";
import { composeBudgetHold } from "./compose-watchdog.ts";
import { openStore } from "./store/open-store.ts";
import { sampleProject } from "./store/sample-rows.ts";
import { SettingsFiles } from "./supervisor/settings-files.ts";

test.each([
  ["80", "off", 80],
  ["80", "95", 80],
  ["80", "60", 60],
  ["off", "60", 60],
])("of a person's %s and a repository's %s percent the stricter holds", (own, theirs, held) => {
  using cleaning = new DisposableStack();
  const home = mkdtempSync(path.join(tmpdir(), "switchyard-"));
  cleaning.defer(() => rmSync(home, { recursive: true }));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  const store = openStore({ folder, clock: systemClock, mode: "write" });
  cleaning.defer(() => store.close());
  const project = sampleProject({ path: path.join(home, "repo") });
  store.write("person", () => store.projects.insert(project));
  mkdirSync(path.join(project.path, ".switchyard"), { recursive: true });
  const setting = (percent: string) => `guards: { window-ceiling-percent: ${percent} }\n`;
  writeFileSync(folder.config, setting(own));
  writeFileSync(path.join(project.path, ".switchyard/config.yaml"), setting(theirs));
  const hold = composeBudgetHold({ store, settings: new SettingsFiles(folder.config) });
  expect(hold({ project: project.name })).toMatchObject({ windowPercent: held });
});
