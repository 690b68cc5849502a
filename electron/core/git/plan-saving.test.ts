import fc from "fast-check";
import { expect, test } from "vitest";
import { planSaving } from "./plan-saving.ts";

const limits = { fileMaxBytes: 100, totalMaxBytes: 150 };

test("a file above the limit is left out, and the largest of too many", () => {
  expect(planSaving([{ path: "big", bytes: 101 }], limits)).toEqual(["big"]);
  const three = [
    { path: "a", bytes: 60 },
    { path: "b", bytes: 70 },
    { path: "c", bytes: 50 },
  ];
  expect(planSaving(three, limits)).toEqual(["b"]);
  expect(planSaving(three.slice(0, 2), limits)).toEqual([]);
});

test("what is saved is within both limits, and nothing is left out without need", () => {
  const file = fc.record({ path: fc.uuid(), bytes: fc.nat(200) });
  fc.assert(
    fc.property(fc.uniqueArray(file, { selector: ({ path }) => path }), (files) => {
      const leftOut = new Set(planSaving(files, limits));
      const saved = files.filter(({ path }) => !leftOut.has(path));
      const total = (of: typeof files) => of.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(total(saved)).toBeLessThanOrEqual(limits.totalMaxBytes);
      expect(saved.every(({ bytes }) => bytes <= limits.fileMaxBytes)).toBe(true);
      for (const { path, bytes } of files)
        if (leftOut.has(path) && bytes <= limits.fileMaxBytes)
          expect(total(saved) + bytes).toBeGreaterThan(limits.totalMaxBytes);
    }),
  );
});
