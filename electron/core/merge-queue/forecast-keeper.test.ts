import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clashesOf, describeClash, type Forecast } from "../../../shared/model/forecast.ts";
import { ProjectName, type TaskId } from "../../../shared/model/ids.ts";
import type { Task } from "../../../shared/model/task.ts";
import { systemClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { ForecastKeeper } from "./forecast-keeper.ts";
import { LiveForecasts } from "./live-forecasts.ts";
import { listOwnClashes } from "./plan-forecast.ts";
import { createQueueFixture, type QueueFixture } from "./queue-fixture.ts";

const APP = ProjectName.parse("app");

/** Nothing lands in it: what is queued stays queued. */
async function start(
  files = { "a.txt": "a\n", "b.txt": "b\n" },
  settleMs = 0,
  remote: string | null = null,
) {
  const queue = await createQueueFixture({ files, unaudited: "no queue runs" });
  const forecasts = new LiveForecasts();
  const scratch = join(queue.home, "forecast");
  mkdirSync(join(scratch, "of-an-earlier-core"), { recursive: true });
  const { store } = queue;
  const keeper = new ForecastKeeper({
    store,
    clock: systemClock,
    log: silentLog,
    forecasts,
    proposesTo: () => remote,
    scratch,
    settleMs,
  });
  return {
    ...queue,
    forecasts,
    keeper,
    async [Symbol.asyncDispose]() {
      await keeper[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
    },
  };
}

/** A task that is worked on, with its branch. */
async function work(
  { place, store }: Pick<QueueFixture, "place" | "store">,
  files: Readonly<Record<string, string>>,
  status: Task["status"] = "running",
): Promise<TaskId> {
  const count = store.tasks.list().length + 1;
  const branch = `switchyard/t-${count}-work`;
  await place.commitOn(branch, files);
  return store.write("test", () => {
    const task = store.tasks.insert({
      project: APP,
      plan: null,
      title: branch,
      body: "",
      status,
      reason: null,
      priority: 3,
      after: [],
      labels: [],
      paths: [],
      pinnedProfile: null,
      model: null,
      acceptance: [],
    });
    store.tasks.update(task.id, { branch });
    return task.id;
  });
}

function until(
  forecasts: LiveForecasts,
  isMet: (forecast: Forecast) => boolean,
): Promise<Forecast> {
  return new Promise((resolve) => {
    const look = () => {
      const now = forecasts.find(APP);
      if (!now || !isMet(now)) return;
      stop();
      resolve(now);
    };
    const stop = forecasts.onChange(look);
    look();
  });
}

test("what is worked on and what is queued is forecast against the target and each other", async () => {
  await using here = await start();
  const queued = await here.queueWork({ "a.txt": "queued\n" });
  const first = await work(here, { "a.txt": "first\n", "b.txt": "first\n" });
  const second = await work(here, { "b.txt": "second\n" }, "ready");
  await work(here, { "a.txt": "over\n" }, "failed");
  here.keeper.run();
  const forecast = await until(here.forecasts, ({ clashes }) => clashes.length > 0);
  expect(forecast).toMatchObject({ scope: "full", reason: null, target: "main" });
  expect(forecast.branches.map(({ task, entry }) => [task, entry])).toEqual([
    [queued.task, queued.id],
    [first, null],
    [second, null],
  ]);
  const told = clashesOf(forecast, first).map((clash) => describeClash(clash, "main"));
  expect(told).toEqual([
    `Will conflict with ${queued.task} in 1 file: a.txt`,
    `Will conflict with ${second} in 1 file: b.txt`,
  ]);
  expect(clashesOf(forecast, second)).toHaveLength(1);
});

test("what the target got on the remote is no branch's own work where work is proposed there", async () => {
  await using here = await start(undefined, 0, "origin");
  const { place } = here;
  const old = await work(here, { "a.txt": "old\n" });
  // Others brought it there, and it was fetched: the own target stands still.
  const own = await place.oid("main");
  await place.git("branch", "fetched", own);
  const merged = await place.commitOn("fetched", { "a.txt": "merged\n" });
  await place.git("update-ref", "refs/switchyard/remote/origin/main", merged);
  await place.git("branch", "switchyard/t-2-work", merged);
  const fresh = await work(here, { "b.txt": "fresh\n" });
  here.keeper.run();
  const { clashes } = await until(here.forecasts, (forecast) => forecast.branches.length === 2);
  const file = { problem: null, files: ["a.txt"], count: 1 };
  expect(clashes).toEqual([
    { one: old, other: null, ...file },
    { one: old, other: fresh, ...file },
  ]);
  // Neither waits for the other: it is the target that the old one has to take in.
  expect(listOwnClashes(clashes)).toEqual([]);
  expect(await place.oid("main")).toBe(own);
});

test("entries name those they will conflict with for as long as both are queued", async () => {
  await using here = await start();
  const one = await here.queueWork({ "a.txt": "one\n" });
  const two = await here.queueWork({ "a.txt": "two\n" });
  here.keeper.run();
  expect((await here.until(one.id, isMarked)).conflictsWith).toEqual([two.id]);
  expect((await here.until(two.id, isMarked)).conflictsWith).toEqual([one.id]);
  here.store.write("test", () => here.store.entries.update(two.id, { state: "removed" }));
  await here.until(one.id, (entry) => !isMarked(entry));
  await here.until(two.id, (entry) => !isMarked(entry));
});

const isMarked = ({ conflictsWith }: { readonly conflictsWith: readonly string[] }) =>
  conflictsWith.length > 0;

test("a commit of a worker's or on the target changes the forecast, and one that changes nothing is told nobody", async () => {
  await using here = await start();
  const task = await work(here, { "b.txt": "task\n" });
  here.keeper.run();
  await until(here.forecasts, ({ branches }) => branches.length === 1);
  let told = 0;
  here.forecasts.onChange(() => {
    told += 1;
  });
  here.keeper.lookAgain();
  await here.keeper.settled();
  expect(told).toBe(0);
  await here.place.commitOn("main", { "b.txt": "main\n" });
  here.keeper.lookAgain();
  const { clashes } = await until(here.forecasts, (forecast) => forecast.clashes.length > 0);
  expect(clashes).toEqual([{ one: task, other: null, problem: null, files: ["b.txt"], count: 1 }]);
  await here.keeper.settled();
  expect(told).toBe(1);
});

test("who asks for what holds now waits for a look and not for changes to settle", async () => {
  await using here = await start({ "a.txt": "a\n", "b.txt": "b\n" }, 24 * 60 * 60_000);
  const task = await work(here, { "b.txt": "task\n" });
  here.keeper.run();
  await until(here.forecasts, ({ branches }) => branches.length === 1);
  await here.place.commitOn("main", { "b.txt": "main\n" });
  const clash = { one: task, other: null, problem: null, files: ["b.txt"], count: 1 };
  expect((await here.forecasts.findFresh(APP))?.clashes).toEqual([clash]);
  // Now a look lets changes settle, which is cut short.
  await here.place.commitOn("main", { "b.txt": "task\n" });
  here.keeper.lookAgain();
  await new Promise((resolve) => setImmediate(resolve));
  expect((await here.forecasts.findFresh(APP))?.clashes).toEqual([]);
});

test("a branch that is not made yet is left out, and a target that is gone is named", async () => {
  await using here = await start();
  const task = await work(here, { "a.txt": "task\n" });
  here.store.write("test", () => here.store.tasks.update(task, { branch: "switchyard/to-come" }));
  here.keeper.run();
  await until(here.forecasts, ({ branches, at }) => branches.length === 0 && at !== null);
  here.change({ target: "gone" });
  const { reason, scope } = await until(here.forecasts, (forecast) => forecast.scope === "none");
  expect([reason, scope]).toEqual([
    `${here.place.repo.root} has no branch gone to land on`,
    "none",
  ]);
});

test("a folder that is no repository is told as that, and forecast again once it is one", async () => {
  await using here = await start();
  await work(here, { "a.txt": "task\n" });
  const plain = join(here.place.folder, "plain");
  mkdirSync(plain);
  here.change({ path: plain });
  here.keeper.run();
  const { reason } = await until(here.forecasts, ({ scope }) => scope === "none");
  expect(reason).toBe(`${plain} is not in a git repository.`);
  here.change({ path: here.place.repo.root });
  await until(here.forecasts, ({ scope, branches }) => scope === "full" && branches.length === 1);
});

test("what a killed core left in the scratch folder is deleted, and nothing new stays there", async () => {
  await using here = await start();
  await work(here, { "a.txt": "one\n" });
  await work(here, { "a.txt": "two\n" });
  here.keeper.run();
  await until(here.forecasts, ({ clashes }) => clashes.length === 1);
  expect(readdirSync(join(here.home, "forecast"))).toEqual([]);
});

test("it ends while it looks, and a project that goes meanwhile is forgotten", async () => {
  await using here = await start();
  await work(here, { "a.txt": "one\n" });
  here.keeper.run();
  await until(here.forecasts, ({ branches }) => branches.length === 1);
  rmSync(join(here.place.repo.root, ".git"), { recursive: true });
  writeFileSync(join(here.place.repo.root, ".git"), "gitdir: nowhere\n");
  here.keeper.lookAgain();
  await until(here.forecasts, ({ scope }) => scope === "none");
  here.store.write("test", () => {
    for (const { id } of here.store.tasks.list()) here.store.tasks.update(id, { status: "landed" });
    here.store.projects.remove(APP);
  });
  expect(here.forecasts.list()).toEqual([]);
  await here.keeper[Symbol.asyncDispose]();
  expect(here.forecasts.list()).toEqual([]);
});
