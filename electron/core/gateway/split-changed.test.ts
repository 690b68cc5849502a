import { expect, test } from "vitest";
import type { Changed } from "../../../shared/contract/rows.ts";
import { PlanId, ProjectName } from "../../../shared/model/ids.ts";
import { splitChanged } from "./split-changed.ts";

const project = ProjectName.parse("app");

function withPlans(count: number): Changed {
  const plans = Array.from({ length: count }, (_, at) => ({
    id: PlanId.parse(`p-${at}`),
    project,
    title: "x",
    state: "active" as const,
    createdAt: "2026-11-21T09:00:00.000Z",
  }));
  const event = {
    seq: 7,
    at: "2026-11-21T09:00:00.000Z",
    kind: "k",
    subject: "s",
    data: {},
    cause: "c",
  };
  const removed = { projects: [project], profiles: [] };
  return { seq: 7, events: [event], rows: { plans }, removed };
}

test("a small change is one message, as it is", () => {
  const changed = withPlans(300);
  expect(splitChanged(changed)).toEqual([changed]);
});

test("a change of thousands of rows comes in parts that hold each row once and each event once", () => {
  const changed = withPlans(1_000);
  const parts = splitChanged(changed);
  expect(parts.length).toBe(4);
  expect(parts.flatMap(({ rows }) => rows.plans ?? [])).toEqual(changed.rows.plans);
  expect(parts.flatMap(({ events }) => events)).toEqual(changed.events);
  expect(parts.flatMap(({ removed }) => removed.projects)).toEqual([project]);
  expect(parts.every(({ seq }) => seq === 7)).toBe(true);
});
