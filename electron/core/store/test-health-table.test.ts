import { expect, test } from "vitest";
import { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { Store, TestHealth } from "./store.ts";
import { withOlderStore } from "./with-older-store.ts";

const BEFORE = 11;
const app = ProjectName.parse("app");
const flipped: TestHealth = {
  project: app,
  command: "npm test",
  test: "a > b",
  flips: [3],
  quarantinedAt: null,
  quarantinedUntil: null,
  task: null,
};

const ROWS = `
      INSERT INTO projects VALUES ('app', '/repos/app', 'main', '[]', 1, 'merge', 'auto', 6, '{"state":"running","reason":null}', 'fill');
      INSERT INTO verdicts (tree, spec_hash, is_green, results, at) VALUES ('t', 's', 1, '[]', '2026-11-21T09:00:00.000Z')
`;

/** A store with the project `app` that the version before has filled. */
function check(look: (store: Store) => void): void {
  withOlderStore(BEFORE, ROWS, look);
}

test("after the version before nothing is known of any test, and its verdicts are there", () => {
  check((store) => {
    expect([store.tests.listChecks(app), store.tests.list(app)]).toEqual([[], []]);
    expect(store.verdicts.list("t")).toHaveLength(1);
  });
});

test("what is known of a test is kept until there is nothing to remember, and goes with its project", () => {
  check((store) => {
    const { tests } = store;
    store.write("x", () => {
      tests.saveCheck({ project: app, command: "npm test", runs: 3, ran: 40 });
      tests.saveCheck({ project: app, command: "npm test", runs: 4, ran: 41 });
      tests.save(flipped);
    });
    expect(tests.listChecks(app)).toMatchObject([{ runs: 4, ran: 41 }]);
    expect(tests.list(app)).toEqual([flipped]);
    const mended = { ...flipped, flips: [], task: TaskId.parse("t-1") };
    store.write("x", () => tests.save(mended));
    expect(tests.list(app)).toEqual([mended]);
    store.write("x", () => tests.save({ ...mended, task: null }));
    expect(tests.list(app)).toEqual([]);
    store.write("x", () => tests.save(flipped));
    expect(() => tests.save(flipped)).toThrow("only inside");
    store.write("x", () => store.projects.remove(app));
    expect([tests.listChecks(app), tests.list(app)]).toEqual([[], []]);
  });
});
