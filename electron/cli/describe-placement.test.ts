import { expect, test } from "vitest";
import { PlanId, ProfileName, ProjectName, TaskId } from "../../shared/model/ids.ts";
import type { PlacementStep } from "../../shared/model/placement-step.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { runAgainst } from "./fake-surroundings.ts";

const plan = {
  id: PlanId.parse("p-1"),
  project: ProjectName.parse("app"),
  title: "Next",
  state: "draft" as const,
  createdAt: "2026-11-21T09:00:00.000Z",
};

function step(patch: Partial<PlacementStep>): PlacementStep {
  return {
    task: TaskId.parse("t-1"),
    title: "First",
    round: 1,
    profile: ProfileName.parse("max-1"),
    strategy: "fill",
    reason: "it is the first in order with room",
    waitsFor: [],
    ...patch,
  };
}

const waiting = step({
  task: TaskId.parse("t-2"),
  title: "Second",
  round: 2,
  waitsFor: [
    { kind: "dependency", text: "It waits for t-1 (First), which is ready.", subject: "t-1" },
  ],
});
const never = step({
  task: TaskId.parse("t-3"),
  title: "Third",
  round: null,
  profile: null,
  reason: null,
  waitsFor: [{ kind: "profile", text: "max-2 is disabled", subject: null }],
});

async function show(steps: readonly PlacementStep[], ...words: readonly string[]) {
  const handlers = {
    "plan.show": () => ({ plan, tasks: [] }),
    "plan.placement": () => [...steps],
  };
  return await runAgainst({ handlers }, "plan", "show", "p-1", ...words);
}

test("what would happen is told round by round, with the reasons below each task", async () => {
  const { out } = await show([step({}), waiting, never], "--placement");
  expect(out).toContain(`At once:
  t-1 First on max-1: it is the first in order with room

Round 2:
  t-2 Second on max-1: it is the first in order with room
      It waits for t-1 (First), which is ready.

Not by itself:
  t-3 Third
      max-2 is disabled

Each round begins when all of the one before has landed, with windows and sign-ins as they are now.
`);
});

test("as JSON it stands beside the plan and its tasks", async () => {
  expect((await show([waiting], "--placement", "--json")).json()).toMatchObject({
    id: "p-1",
    tasks: [],
    placement: [{ task: "t-2", round: 2, profile: "max-1" }],
  });
  expect((await show([waiting], "--json")).json()).not.toHaveProperty("placement");
});

test("a plan with nothing left says so, and one that does not exist is refused", async () => {
  expect((await show([], "--placement")).out).toContain("Nothing of this plan is left to do.");
  const handlers = {
    "plan.show": () => {
      throw new SwitchyardError("not-found", "There is no plan p-9.", "See: switchyard plan list");
    },
  };
  const { exitCode, err } = await runAgainst({ handlers }, "plan", "show", "p-9", "--placement");
  expect(exitCode).not.toBe(0);
  expect(err).toContain("There is no plan p-9.");
});
