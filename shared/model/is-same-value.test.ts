import { expect, test } from "vitest";
import { isSameValue } from "./is-same-value.ts";

const entry = { id: "q-1", files: ["a", "b"], batch: { entries: ["q-1"], testing: 1 }, base: null };

test("a value is the same as its copy, whatever the order of its keys", () => {
  expect(isSameValue(entry, JSON.parse(JSON.stringify(entry)))).toBe(true);
  expect(isSameValue({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
});

test.each([
  ["another word within", { ...entry, files: ["a", "c"] }],
  ["a list that is longer", { ...entry, files: ["a", "b", "c"] }],
  ["null where there was something", { ...entry, batch: null }],
  ["a key more", { ...entry, more: undefined }],
  ["a key under another name", { id: "q-1", files: entry.files, batch: entry.batch, bases: null }],
  ["a list where a thing was", []],
  ["nothing", null],
])("%s makes it another", (_what, other) => {
  expect(isSameValue(entry, other)).toBe(false);
  expect(isSameValue(other, entry)).toBe(false);
});
