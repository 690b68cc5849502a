import { expect, test } from "vitest";
import { Settings } from "../../shared/model/settings.ts";
import { countSlots, listCommands } from "./compose-locks.ts";

const file = (content: object) => Settings.parse(content);
const build = (slots: number) => file({ locks: { build: { slots } } });

test("without a word a build slot is for two cores, and any other lock has one slot", () => {
  const slots = (cores: number) => countSlots("build", [file({})], 0, cores);
  expect([1, 2, 4, 9].map(slots)).toEqual([1, 1, 2, 4]);
  expect(countSlots("db", [file({})], 0, 16)).toBe(1);
});

test("checks that may run side by side have a slot each, unless a number of slots is named", () => {
  const parallel = file({ queue: { "parallel-checks": 3 } });
  expect(countSlots("build", [parallel], 0, 2)).toBe(3);
  expect(countSlots("build", [parallel, build(2)], 0, 2)).toBe(2);
});

test("runs that go on beside each other because that was measured have a slot each while they do", () => {
  const measured = file({ queue: { "parallel-checks": "auto" } });
  expect([0, 2].map((underWay) => countSlots("build", [measured], underWay, 2))).toEqual([1, 2]);
  expect(countSlots("build", [measured, build(1)], 2, 2)).toBe(1);
  expect(countSlots("db", [measured], 2, 2)).toBe(1);
});

test("a project's file can narrow the fleet's slots and not widen them", () => {
  expect(countSlots("build", [build(3), build(1)], 0)).toBe(1);
  expect(countSlots("build", [build(1), build(8)], 0)).toBe(1);
  expect(countSlots("build", [file({}), build(8)], 0)).toBe(8);
});

test("commands of both files are on the list, each once", () => {
  const own = file({ locks: { build: { commands: ["make", "cargo build"] } } });
  const project = file({
    locks: { build: { commands: ["make"] }, db: { commands: ["./migrate"] } },
  });
  expect(listCommands(own, project)).toEqual([
    { lock: "build", pattern: "make" },
    { lock: "build", pattern: "cargo build" },
    { lock: "db", pattern: "./migrate" },
  ]);
  expect(listCommands(file({}))).toEqual([]);
});
