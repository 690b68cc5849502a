import { expect, test } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import { withOlderStore } from "./with-older-store.ts";

const BEFORE = 14;
const app = ProjectName.parse("app");
const ROWS = `INSERT INTO projects VALUES ('app', '/repos/app', 'main', '[]', 1, 'merge', 'auto', 6, '{"state":"running","reason":null}', 'fill')`;
const run = { project: app, specHash: "s", atOnce: 1, tookMs: 10.5, sharedMs: 0 };

test("after the version before no run is timed, and its projects are there", () => {
  withOlderStore(BEFORE, ROWS, (store) => {
    expect(store.projects.find(app)?.queue).toEqual({ state: "running", reason: null });
    expect(store.timedRuns.list(app, "s")).toEqual([]);
  });
});

test("the newest runs of each kind are kept, oldest first, until the checks change or the project goes", () => {
  withOlderStore(BEFORE, ROWS, (store) => {
    const { timedRuns } = store;
    store.write("x", () => {
      timedRuns.insert({ ...run, atOnce: 2, sharedMs: 10.5 });
      for (let tookMs = 1; tookMs <= 25; tookMs += 1) timedRuns.insert({ ...run, tookMs });
    });
    const known = timedRuns.list(app, "s");
    expect(known.map(({ tookMs }) => tookMs)).toEqual([
      10.5,
      ...Array.from({ length: 20 }, (_, at) => at + 6),
    ]);
    expect(() => timedRuns.insert(run)).toThrow("only inside");
    expect(() => store.write("x", () => timedRuns.insert({ ...run, sharedMs: 11 }))).toThrow(
      "CHECK",
    );
    store.write("x", () => timedRuns.insert({ ...run, specHash: "other" }));
    expect([timedRuns.list(app, "s"), timedRuns.list(app, "other")]).toMatchObject([
      [],
      [{ specHash: "other" }],
    ]);
    store.write("x", () => store.projects.remove(app));
    expect(timedRuns.list(app, "other")).toEqual([]);
  });
});
