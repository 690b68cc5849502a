import { expect, test } from "vitest";
import { ProfileName, ProjectName } from "../../../shared/model/ids.ts";
import { createWorld } from "./supervisor-world.ts";

const project = ProjectName.parse("app");
const only = ProfileName.parse("max-1");

function limitWorkers(world: ReturnType<typeof createWorld>, maxWorkers: number) {
  world.store.write("person", () => world.store.projects.update(project, { maxWorkers }));
}

test("tasks of a pool that takes nothing keep no place from the others", async () => {
  const world = createWorld({ cap: 5 });
  limitWorkers(world, 1);
  world.pools.push({ name: "ui", profiles: ["gone"], labels: ["ui"], roles: [] });
  const first = world.addTask("of the pool", [], ["ui"]);
  const second = world.addTask("free to go anywhere");
  world.supervisor.run();
  await world.untilTask(second, "running");
  expect(world.steps.require(first).status).toBe("ready");
  expect(world.dispatcher.place(world.steps.require(first))).toEqual({
    kind: "none",
    reasons: ["It goes to the pool ui (gone), and no such profile exists."],
  });
});

test("what is kept from workers is taken by a start that a person asks for", async () => {
  const world = createWorld({ cap: 2 });
  world.reserve.slots = 1;
  const first = world.addTask("first");
  const second = world.addTask("second");
  world.supervisor.run();
  await world.untilTask(first, "running");
  expect(world.steps.require(second).status).toBe("ready");
  expect(world.dispatcher.startNow(second)).toMatchObject({ profile: only, task: second });
});
