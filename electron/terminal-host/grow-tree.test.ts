import fc from "fast-check";
import { expect, test } from "vitest";
import { growTree, type ProcessRow, rootTree } from "./grow-tree.ts";

const row = (pid: number, parent: number, sid = pid, startTicks = "1"): ProcessRow => ({
  pid,
  parent,
  sid,
  startTicks,
});
const ROOT = rootTree(10, "1");

function check(looks: readonly (readonly ProcessRow[])[], pids: readonly number[]) {
  const tree = looks.reduce(growTree, ROOT);
  expect([...tree.keys()].toSorted((a, b) => a - b)).toEqual(pids);
}

test("children and their children belong to it", () =>
  check([[row(10, 1), row(11, 10, 10), row(12, 11, 10), row(20, 1)]], [10, 11, 12]));
test("a child in a session of its own stays when its parent is gone", () =>
  check([[row(10, 1), row(11, 10, 10), row(12, 11, 12)], [row(12, 1, 12)]], [12]));
test("what a stray child starts belongs to it too", () =>
  check(
    [
      [row(10, 1), row(12, 10, 12)],
      [row(12, 1, 12), row(13, 1, 12)],
    ],
    [12, 13],
  ));
test("a pid that was used again for another process does not", () =>
  check(
    [
      [row(10, 1), row(12, 10)],
      [row(12, 1, 12, "9"), row(13, 12, 12, "9")],
    ],
    [],
  ));
test("strangers in the session that the root belongs to are none of it", () =>
  check([[row(10, 9, 9), row(9, 1), row(8, 9, 9), row(11, 10, 9)]], [10, 11]));
test("nothing comes of a tree that is gone", () => check([[], [row(10, 1, 10, "2")]], []));

test("whoever descends from the root without a gap is in it, and no other is", () => {
  const parents = fc.array(fc.nat(30), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(parents, (chosen) => {
      // Row i has the parent named by `chosen`, among those before it; 10 is the root, 1 the system.
      const rows = [row(10, 1), row(1, 0)];
      for (const [index, pick] of chosen.entries()) {
        const parent = rows[pick % rows.length]?.pid ?? 1;
        rows.push(row(100 + index, parent));
      }
      const parentOf = new Map(rows.map(({ pid, parent }) => [pid, parent]));
      const descends = (pid: number): boolean =>
        pid === 10 || (parentOf.has(pid) && descends(parentOf.get(pid) ?? 0));
      expect([...growTree(ROOT, rows).keys()].toSorted()).toEqual(
        rows
          .map(({ pid }) => pid)
          .filter(descends)
          .toSorted(),
      );
    }),
  );
});
