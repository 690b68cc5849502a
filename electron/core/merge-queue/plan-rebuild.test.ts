import { expect, test } from "vitest";
import { findLandings, groupLandings, type TrailedCommit } from "./plan-rebuild.ts";

/** `a<m` is the commit a on top of m. */
function commit(line: string, entry: string, own: Partial<TrailedCommit> = {}): TrailedCommit {
  const [oid = "", ...parents] = line.split("<");
  const at = "2026-11-21T10:00:00Z";
  const task = entry.replace("q", "t");
  return {
    ...{ oid, tree: `tree of ${oid}`, parents, at, subject: `Did ${oid}`, store: "one" },
    ...{ entry, task, attempt: "1", ...own },
  };
}
const look = (commits: readonly TrailedCommit[]) =>
  findLandings(commits).map(({ entry, from, to, merged }) => [entry, from, to, merged]);

test("a merge, a squash and a branch that was rebased are one landing each", () => {
  const commits = [
    commit("a<m<w", "q-1"),
    commit("b<a", "q-2"),
    commit("c<b", "q-3"),
    commit("d<c", "q-3"),
  ];
  expect(look(commits)).toEqual([
    ["q-1", "m", "a", "w"],
    ["q-2", "a", "b", null],
    ["q-3", "b", "d", null],
  ]);
});

test("of two stores that gave one number the newer keeps it", () => {
  const commits = [commit("a<m", "q-1"), commit("b<a", "q-1", { store: "two" })];
  expect(look(commits)).toEqual([["q-1", "a", "b", null]]);
});

test("last lines that are no trailers of ours are passed over", () => {
  const bad = [
    commit("a<m", "q-1; rm"),
    commit("b<m", "q-2", { task: "" }),
    commit("c<m", "q-3", { attempt: "-1" }),
    commit("d", "q-4"),
  ];
  expect(look(bad)).toEqual([]);
});

test("what landed together is one landing, and where nobody knows it is none", () => {
  const found = findLandings([
    commit("a<m", "q-1"),
    commit("b<a", "q-2"),
    commit("c<b", "q-3"),
    commit("e<d", "q-4"),
  ]);
  const group = (...stood: string[]) =>
    groupLandings(found, new Set(stood)).map((all) => all.map(({ entry }) => entry));
  expect(group("m", "b", "d")).toEqual([["q-1", "q-2"], ["q-3"], ["q-4"]]);
  expect(group("m")).toEqual([["q-1", "q-2", "q-3"]]);
  expect(group()).toEqual([]);
});
