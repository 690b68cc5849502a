import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { type Clash, Forecast } from "../../shared/model/forecast.ts";
import { TaskId } from "../../shared/model/ids.ts";
import { dataFolder, prepareDataFolder } from "./base/data-folder.ts";
import { fakeClock } from "./base/fake-clock.ts";
import { listDispatchClashes } from "./compose-forecast.ts";
import { LiveForecasts } from "./merge-queue/live-forecasts.ts";
import { openStore } from "./store/open-store.ts";
import { sampleProject } from "./store/sample-rows.ts";
import { SettingsFiles } from "./supervisor/settings-files.ts";

const one = TaskId.parse("t-1");
const other = TaskId.parse("t-2");
const files = ["a.ts"];
const known: Clash = { one, other, problem: null, files, count: 1 };

/** What the dispatcher is told when this is forecast and the repository's file says that of `dispatch`. */
function check(clashes: readonly Clash[], dispatch: string, told: unknown) {
  const home = mkdtempSync(path.join(tmpdir(), "switchyard-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  const store = openStore({ folder, clock: fakeClock(), mode: "write" });
  try {
    const project = sampleProject({ path: path.join(home, "repo") });
    store.write("person", () => store.projects.insert(project));
    const file = path.join(project.path, ".switchyard/config.yaml");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, dispatch);
    const forecasts = new LiveForecasts();
    const { name, target } = project;
    forecasts.set(
      Forecast.parse({
        ...{ project: name, target, scope: "full", reason: null, at: null, branches: [] },
        clashes,
      }),
    );
    const settings = new SettingsFiles(folder.config);
    expect(listDispatchClashes({ store, settings, forecasts })).toEqual(told);
  } finally {
    store.close();
    rmSync(home, { recursive: true });
  }
}

test("tasks whose branches will conflict wait for each other, unless the settings say that they need not", () => {
  check([known], "", [known]);
  check([known], "dispatch: { hold-conflicts: on }\n", [known]);
  check([known], "dispatch: { hold-conflicts: off }\n", []);
});

test("a conflict with the target, or one that is not known, holds nobody back", () => {
  check([{ ...known, other: null }], "", []);
  check([{ ...known, problem: "an object is missing", files: [], count: 0 }], "", []);
});
