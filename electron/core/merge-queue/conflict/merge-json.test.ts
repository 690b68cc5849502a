import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeJson } from "./merge-json.ts";

const write = (value: unknown, indent: string | number = 2) =>
  `${JSON.stringify(value, null, indent)}\n`;
const BASE = {
  name: "app",
  version: "1.0.0",
  scripts: { test: "vitest" },
  dependencies: { b: "1.0.0", d: "1.0.0" },
};

function check(ours: object, theirs: object, merged: object | null, base: object | null = BASE) {
  const result = mergeJson(base && write(base), write(ours), write(theirs));
  expect(result).toBe(merged && write(merged));
}

test("what each side adds, changes and removes is kept, dependencies in their order", () =>
  check(
    { ...BASE, dependencies: { a: "1.0.0", b: "1.0.0", d: "2.0.0" } },
    {
      ...BASE,
      scripts: { test: "vitest", lint: "biome" },
      dependencies: { c: "1.0.0", d: "1.0.0" },
    },
    {
      ...BASE,
      scripts: { test: "vitest", lint: "biome" },
      dependencies: { a: "1.0.0", c: "1.0.0", d: "2.0.0" },
    },
  ));
test("one key that both sides changed in different ways is a conflict", () =>
  check(
    { ...BASE, dependencies: { b: "1.1.0", d: "1.0.0" } },
    { ...BASE, dependencies: { b: "2.0.0", d: "1.0.0" } },
    null,
  ));
test("one key that both sides changed in the same way is none", () =>
  check(
    { ...BASE, version: "2.0.0" },
    { ...BASE, version: "2.0.0", main: "x" },
    {
      ...BASE,
      version: "2.0.0",
      main: "x",
    },
  ));
test("a key that one side removed and the other changed is a conflict", () =>
  check(
    { ...BASE, dependencies: { d: "1.0.0" } },
    { ...BASE, dependencies: { b: "9", d: "1.0.0" } },
    null,
  ));
test("a list that both sides changed is a conflict, because its order may mean something", () =>
  check({ ...BASE, files: ["a"] }, { ...BASE, files: ["b"] }, null));
test("a file that both sides began merges as far as they do not differ", () =>
  check({ a: 1, c: { x: 1 } }, { b: 2, c: { y: 2 } }, { a: 1, b: 2, c: { x: 1, y: 2 } }, null));

test("indentation, line ends and the end of the file stay as they were", () => {
  const [base, ours, theirs] = [{ a: 1 }, { a: 1, b: 2 }, { a: 1, c: 3 }];
  const tabs = (value: object) => write(value, "\t").trimEnd();
  expect(mergeJson(tabs(base), tabs(ours), write(theirs))).toBe(tabs({ a: 1, b: 2, c: 3 }));
  const windows = (value: object) => write(value).replaceAll("\n", "\r\n");
  expect(mergeJson(windows(base), windows(ours), write(theirs))).toBe(
    windows({ a: 1, b: 2, c: 3 }),
  );
});

test.each(["", "[]", "null", "{", '"x"', "<<<<<<< ours\n{}\n"])(
  "%j is no JSON object: nothing is made up",
  (text) => {
    expect(mergeJson("{}", text, "{}")).toBeNull();
    expect(mergeJson("{}", "{}", text)).toBeNull();
    expect(mergeJson(text, "{}", "{}")).toBeNull();
  },
);

test("a key that has a meaning in JavaScript is a key like any other", () => {
  const merged = mergeJson("{}", '{ "__proto__": { "x": 1 } }', '{ "constructor": 2 }') ?? "";
  expect(Object.keys(JSON.parse(merged)).sort()).toEqual(["__proto__", "constructor"]);
});

test("whatever the sides are, nothing that only one of them did is lost, and neither side is preferred", () => {
  const object = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.integer({ min: 0, max: 2 }));
  fc.assert(
    fc.property(object, object, object, (base, ours, theirs) => {
      const [b, o, t] = [base, ours, theirs].map((each) => new Map(Object.entries(each))) as [
        Map<string, number>,
        Map<string, number>,
        Map<string, number>,
      ]; // Three maps stay three.
      const [one, other] = [
        mergeJson(write(base), write(ours), write(theirs)),
        mergeJson(write(base), write(theirs), write(ours)),
      ];
      const keys = ["a", "b", "c", "d"];
      const isConflict = keys.some(
        (key) =>
          o.get(key) !== t.get(key) && o.get(key) !== b.get(key) && t.get(key) !== b.get(key),
      );
      expect(one === null).toBe(isConflict);
      expect(one && JSON.parse(one)).toEqual(other && JSON.parse(other));
      if (one === null) return;
      const merged = new Map(Object.entries(JSON.parse(one)));
      for (const key of keys) {
        expect(merged.get(key)).toBe(o.get(key) === b.get(key) ? t.get(key) : o.get(key));
      }
    }),
  );
});
