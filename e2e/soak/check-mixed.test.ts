import { expect, test } from "vitest";
import { checkMixed, type MixedRun } from "./check-mixed.ts";

type Entry = MixedRun["entries"][number];
type Ended = MixedRun["tasks"][number];

const pair: Ended["race"] = {
  name: "pair",
  reason: /^conflicts with main$/,
  files: ["src/pair.js"],
  end: "second-stays",
};
const load: Ended["race"] = {
  name: "load",
  reason: /^fails together with q-\d+/,
  files: [],
  end: "both-land",
};

const task = (id: number, race: Ended["race"], status: Ended["status"] = "landed"): Ended =>
  // What the core made up is of this form.
  ({ id: `t-${id}`, key: `key-${id}`, race, status }) as Ended;

const entry = (id: number, of: number, rest: Partial<Entry> = {}): Entry =>
  // What the core made up is of this form.
  ({ id: `q-${id}`, task: `t-${of}`, state: "landed", reason: null, files: [], ...rest }) as Entry;

const conflict: Partial<Entry> = {
  state: "returned",
  reason: "conflicts with main",
  files: ["src/pair.js"],
};
const clash: Partial<Entry> = { state: "returned", reason: "fails together with q-3" };

const good: MixedRun = {
  tasks: [task(1, pair), task(2, pair, "needs-input"), task(3, load), task(4, load), task(5, null)],
  entries: [
    entry(1, 1),
    entry(2, 2, conflict),
    entry(3, 3),
    entry(4, 4, clash),
    entry(6, 4),
    entry(5, 5),
  ],
};

const withEntry = (id: number, rest: Partial<Entry>): MixedRun => ({
  ...good,
  entries: good.entries.map((each) => (each.id === `q-${id}` ? { ...each, ...rest } : each)),
});

test("a run that ended as it should has no findings", () => {
  expect(checkMixed(good)).toEqual([]);
});

test("a task that is in nobody's way lands, and never comes back", () => {
  const stuck = {
    ...good,
    tasks: good.tasks.map((each) => (each.race ? each : task(5, null, "failed"))),
  };
  expect(checkMixed(stuck)).toEqual(["t-5 (key-5) is failed; it can land."]);
  const back = {
    ...good,
    entries: [...good.entries, entry(7, 5, { state: "returned", reason: "a check fails" })],
  };
  expect(checkMixed(back)).toEqual([
    "q-7 (key-5) came back: a check fails. Nothing is wrong with it.",
  ]);
});

test("exactly one of two comes back, for the right reason, the right files and the right other one", () => {
  expect(checkMixed(withEntry(2, { state: "removed" }))).toEqual([
    "pair: 0 of 2 came back, instead of one.",
  ]);
  expect(checkMixed(withEntry(2, { reason: "a check fails" }))[0]).toContain("that is not why");
  expect(checkMixed(withEntry(2, { files: ["other.js"] }))[0]).toContain("not the files");
  expect(checkMixed(withEntry(4, { reason: "fails together with q-5" }))[0]).toContain(
    "not the one it fails with",
  );
});

test("who cannot settle a conflict waits for a person", () => {
  const landed = {
    ...good,
    tasks: good.tasks.map((each) => (each.id === "t-2" ? task(2, pair) : each)),
  };
  expect(checkMixed(landed)).toEqual(["t-2 (key-2) is landed; it waits for a person."]);
});
