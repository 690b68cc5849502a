import { expect, test } from "vitest";
import { type PlanId, ProfileName, type TaskId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import { lookAhead } from "./look-ahead.ts";
import { createWorld } from "./supervisor-world.ts";

type World = ReturnType<typeof createWorld>;

/** The steps of a draft plan, each as `task round profile`, as the dispatcher's own choice would have them. */
function look(world: World, plan: PlanId) {
  const { store, placer } = world;
  return lookAhead({
    plan,
    projects: store.projects.list(),
    plans: store.plans.list(),
    tasks: store.tasks.list(),
    workers: store.sessions.list({ isLive: true }).filter(({ state }) => isLive(state)),
    candidates: placer.candidates(),
    place: (task, candidates, last) =>
      placer.placeAmong(world.steps.require(task.id), candidates, last),
    findShut: (tasks, candidates) =>
      placer.findShut(
        tasks.map((task) => world.steps.require(task.id)),
        candidates,
      ),
  });
}

function check(world: World, plan: PlanId, expected: readonly string[]) {
  const steps = look(world, plan);
  expect(
    steps.map(({ task, round, placement }) =>
      [task, round ?? "never", placement?.profile ?? "nowhere"].join(" "),
    ),
  ).toEqual(expected);
  return steps;
}

function createDraft(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld(options);
  const plan = world.store.write("person", () =>
    world.store.plans.insert({ project: world.project, title: "Next", state: "draft" }),
  );
  const add = (title: string, after: readonly TaskId[] = []) => {
    const id = world.addTask(title, after);
    world.store.write("person", () => {
      world.store.tasks.update(id, { plan: plan.id });
      world.steps.survey(id, "person");
    });
    return id;
  };
  return { world, plan: plan.id, add };
}

test("what a draft plan would do is told round by round, and nothing of it happens", () => {
  const { world, plan, add } = createDraft({ cap: 2 });
  const first = add("first");
  const second = add("second");
  const third = add("third");
  const last = add("last", [first, third]);
  const steps = check(world, plan, [
    `${first} 1 max-1`,
    `${third} 1 max-1`,
    `${second} 2 max-1`,
    `${last} 2 max-1`,
  ]);
  expect(steps.map(({ waitsFor }) => waitsFor.map(({ text }) => text))).toEqual([
    [],
    [],
    ["max-1 is full: 2 of 2 sessions"],
    [
      `It waits for ${first} (first), which is ready.`,
      `It waits for ${third} (third), which is ready.`,
    ],
  ]);
  expect(world.steps.require(first).status).toBe("draft");
  expect(world.store.sessions.list()).toEqual([]);
});

test("what starts at once is what the dispatcher then starts", async () => {
  const { world, plan, add } = createDraft({ cap: 1 });
  const first = add("first");
  const second = add("second");
  const steps = check(world, plan, [`${first} 1 max-1`, `${second} 2 max-1`]);
  world.store.write("person", () => world.store.plans.setState(plan, "active"));
  world.supervisor.run();
  world.steps.survey(first, "person");
  await world.untilTask(first, "running");
  expect(world.sessionOf(first).placement).toEqual({
    strategy: steps[0]?.placement?.strategy,
    reason: steps[0]?.placement?.reason,
  });
  check(world, plan, [`${first} 0 nowhere`, `${second} 2 max-1`]);
});

test("a task that no profile would take says so, and so does what waits for it", () => {
  const { world, plan, add } = createDraft();
  const pinned = add("pinned");
  const behind = add("behind", [pinned]);
  const free = add("free");
  world.store.write("person", () =>
    world.store.tasks.update(pinned, { pinnedProfile: ProfileName.parse("gone") }),
  );
  const steps = check(world, plan, [
    `${free} 1 max-1`,
    `${pinned} never nowhere`,
    `${behind} never nowhere`,
  ]);
  expect(steps[1]?.waitsFor).toEqual([
    {
      kind: "profile",
      text: "The task is pinned to gone, and there is no such profile.",
      subject: null,
    },
  ]);
});

test("places that a task keeps from nobody are no reason to wait", () => {
  const { world, plan, add } = createDraft();
  world.store.write("person", () => {
    world.store.projects.update(world.project, { maxWorkers: 1 });
    world.store.profiles.update(ProfileName.parse("max-1"), { state: "disabled" });
  });
  add("first");
  add("second");
  expect(look(world, plan).map(({ waitsFor }) => waitsFor.map(({ text }) => text))).toEqual([
    ["max-1 is disabled"],
    ["max-1 is disabled"],
  ]);
});

test("a plan without an open task has nothing ahead", () => {
  const { world, plan } = createDraft();
  check(world, plan, []);
});
