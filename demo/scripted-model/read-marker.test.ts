import { expect, test } from "vitest";
import { readMarker, writeMarker } from "./read-marker.ts";

test("reads the last script of a message", () => {
  const text = 'first [[script: [{"say":"one"}]]] then [[script: [{"say":"two"}]]]';
  expect(readMarker(text)?.steps).toEqual([{ kind: "say", text: "two" }]);
});

test("leaves a script inside a string to the subagent that gets it", () => {
  const prompt = writeMarker([{ say: "of the subagent" }]);
  const steps = readMarker(writeMarker([{ task: { prompt } }]))?.steps;
  expect(steps).toEqual([{ kind: "task", input: { prompt } }]);
});

test("reads back what it writes, brackets and quotes included", () => {
  const content = 'const a = [["]]"], "\\""];\n';
  const text = `A task.\n\n${writeMarker([{ write: { path: "a.js", content } }])}\nBe quick.`;
  expect(readMarker(text)?.steps).toEqual([{ kind: "write", path: "a.js", content }]);
});

test("says so when a script cannot be read", () => {
  expect(readMarker('[[script: [{"sing":"la"}]]]')?.steps).toMatchObject([
    { kind: "say", text: expect.stringContaining("cannot be read") },
  ]);
  expect(readMarker("[[script: [")?.steps).toHaveLength(1);
});

test("finds nothing in a plain message", () => {
  expect(readMarker("Please go on.")).toBeNull();
});
