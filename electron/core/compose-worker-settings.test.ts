import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MODE_TOOL, type PermissionMode } from "../../shared/model/permission-mode.ts";
import { dataFolder, prepareDataFolder } from "./base/data-folder.ts";
import { type FakeClock, fakeClock } from "./base/fake-clock.ts";
import { composeWorkerSettings } from "./compose-worker-settings.ts";
import { openStore } from "./store/open-store.ts";
import { sampleProject, sampleTask } from "./store/sample-rows.ts";
import type { Store, TaskRecord } from "./store/store.ts";
import { SettingsFiles } from "./supervisor/settings-files.ts";

let home: string;
let store: Store;
let clock: FakeClock;
let lack: string | null;
const project = () => sampleProject({ path: path.join(home, "repo") });

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "switchyard-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  clock = fakeClock();
  lack = null;
  store = openStore({ folder, clock, mode: "write" });
  store.write("person", () => store.projects.insert(project()));
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

/** Both files as they say of a worker, the person's first. */
function workers(person: string, repository = "") {
  const { config } = dataFolder(home);
  const write = (file: string, worker: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, worker === "" ? "" : `agents: { worker: { ${worker} } }\n`);
  };
  write(config, person);
  write(path.join(project().path, ".switchyard/config.yaml"), repository);
  const settings = new SettingsFiles(config);
  return composeWorkerSettings({ store, clock, settings, whyNoSandbox: () => lack });
}

const addTask = (permissionMode: PermissionMode | null = null): TaskRecord =>
  store.write("test", () => store.tasks.insert(sampleTask({ permissionMode })));

test.each([
  ["sandbox: true", "sandbox: false", true],
  ["sandbox: false", "sandbox: true", true],
  ["", "sandbox: true", true],
  ["sandbox: true", "", true],
  ["", "", false],
])(
  "with %j of the person's and %j of the repository's the sandbox is on: %s",
  (own, theirs, isOn) => {
    expect(workers(own, theirs).isSandboxed(project().name)).toBe(isOn);
  },
);

test.each([
  ["", "", ["Bash(git *)"], []],
  ["", "allow: ['Bash(npm *)']", ["Bash(npm *)"], []],
  [
    "",
    "allow: [Bash, WebFetch, 'Bash(*)', 'Bash(make *)']",
    ["Bash(make *)"],
    ["Bash", "WebFetch", "Bash(*)"],
  ],
  ["allow: [Bash]", "", ["Bash"], []],
  ["allow: [Bash]", "allow: [Bash, WebFetch]", ["Bash"], ["WebFetch"]],
])(
  "with %j of the person's and %j of the repository's workers are allowed %j",
  (own, theirs, allow, refused) => {
    const { of, refusedAllowOf } = workers(own, theirs);
    expect(of(project(), addTask()).allow).toEqual(allow);
    expect(refusedAllowOf(project())).toEqual(refused);
  },
);

test("an acceptance that ended lets no further session start, and a new one does", async () => {
  const task = addTask("auto");
  const { holdOf, of } = workers("");
  const accept = (until: string) =>
    store.write("person", () =>
      store.approvals.insert({ project: task.project, tool: MODE_TOOL, input: "auto", until }),
    );
  expect(holdOf(task)).toContain("nobody has accepted that");
  accept("2026-11-21T10:00:00.000Z");
  expect(holdOf(task)).toBe(null);
  expect(of(project(), task)).toMatchObject({ permissionMode: "auto", isModeAccepted: true });
  await clock.advance(3_600_000);
  expect(holdOf(task)).toContain("ended at 2026-11-21T10:00:00.000Z");
  // The claim came just before the end: the start is refused in the same words.
  expect(() => of(project(), task)).toThrow("ended at 2026-11-21T10:00:00.000Z");
  accept("2026-11-21T12:00:00.000Z");
  expect(holdOf(task)).toBe(null);
});

test("a sandbox that this machine does not have keeps tasks waiting, with the reason", () => {
  lack = "Claude Code's sandbox needs bubblewrap.";
  const task = addTask();
  expect(workers("sandbox: true").holdOf(task)).toBe(lack);
  expect(workers("").holdOf(task)).toBe(null);
});
