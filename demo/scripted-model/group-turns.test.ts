import { expect, test } from "vitest";
import { z } from "zod";
import { groupTurns } from "./group-turns.ts";
import { type ScriptStep, Step } from "./step.ts";

test("ends an answer after a tool call", () => {
  check({ steps: [{ say: "a" }, { bash: "true" }, { say: "b" }], turns: ["say bash", "say"] });
});

test("gives a failure an answer of its own", () => {
  check({ steps: [{ say: "a" }, { error: 529 }, { say: "b" }], turns: ["say", "error", "say"] });
});

test("calls several tools in one answer", () => {
  check({ steps: [{ parallel: [{ read: "a" }, { glob: "*" }] }], turns: ["parallel"] });
});

const branch: readonly ScriptStep[] = [
  { bash: "true" },
  { when: "not found", do: [{ read: "a" }], otherwise: [{ glob: "*" }] },
  { say: "end" },
];

test("goes on by what the tool returned", () => {
  check({ steps: branch, results: ["it was not found"], turns: ["bash", "read", "say"] });
  check({ steps: branch, results: ["updated"], turns: ["bash", "glob", "say"] });
});

test("leaves open what depends on a result still to come", () => {
  check({ steps: branch, turns: ["bash"] });
});

function check(story: {
  readonly steps: readonly ScriptStep[];
  readonly results?: readonly string[];
  readonly turns: readonly string[];
}): void {
  const turns = groupTurns(z.array(Step).parse(story.steps), story.results ?? []);
  expect(turns.map((turn) => turn.map((step) => step.kind).join(" "))).toEqual(story.turns);
}
