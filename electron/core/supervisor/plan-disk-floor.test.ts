import fc from "fast-check";
import { expect, test } from "vitest";
import { type DiskRoom, planDiskFloor } from "./plan-disk-floor.ts";

const GB = 1024 ** 3;

function check(over: Partial<DiskRoom>, isShut = false): string | null {
  const room = {
    place: "/data",
    freeBytes: 50 * GB,
    totalBytes: 100 * GB,
    freeInodes: 900,
    totalInodes: 1_000,
    ...over,
  };
  return planDiskFloor([room], isShut);
}

test("work stops below 2 GB, or 5 % of a larger disk, but not for more than 20 GB", () => {
  expect(check({ freeBytes: 5.1 * GB })).toBeNull();
  expect(check({ freeBytes: 4.9 * GB })).toContain("4.9 GB left");
  expect(check({ freeBytes: 1.9 * GB, totalBytes: 10 * GB })).toContain("below 2.0 GB");
  expect(check({ freeBytes: 21 * GB, totalBytes: 4_000 * GB })).toBeNull();
});

test("a disk out of inodes is told apart from a full one; one that counts none is fine", () => {
  expect(check({ freeInodes: 99 })).toContain("inodes");
  expect(check({ freeInodes: 0, totalInodes: 0 })).toBeNull();
});

test("work that stopped goes on a little above the floor", () => {
  expect(check({ freeBytes: 5.2 * GB }, true)).toContain("5.2 GB left");
  expect(check({ freeBytes: 5.6 * GB }, true)).toBeNull();
});

test("more room never stops work", () => {
  const room = fc.record({
    place: fc.constant("/data"),
    freeBytes: fc.nat(1e12),
    totalBytes: fc.nat(1e13),
    freeInodes: fc.nat(1e7),
    totalInodes: fc.nat(1e7),
  });
  fc.assert(
    fc.property(room, fc.nat(1e12), fc.boolean(), (at, moreBytes, isShut) => {
      if (planDiskFloor([at], isShut) !== null) return;
      const more = { ...at, freeBytes: at.freeBytes + moreBytes };
      expect(planDiskFloor([more], isShut)).toBeNull();
      expect(planDiskFloor([at], false)).toBeNull();
    }),
  );
});
