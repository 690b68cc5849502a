import { expect, test } from "vitest";
import type { Project } from "../../../shared/model/project.ts";
import type { Store } from "../store/store.ts";
import { findProject } from "./find-project.ts";

function storeOf(...names: readonly string[]): Store {
  const list = () => names.map((name) => ({ name }) as Project);
  // Only these three are asked for.
  return { projects: { list, find: () => undefined, findByPath: () => undefined } } as never;
}

test.each([
  ["zzz", ["app"], "There is no project zzz.", "See: switchyard project list"],
  ["/work", ["app"], "/work is in no project.", "Name one with --project: app."],
  ["zzz", [], "There is no project zzz.", "Add one with: switchyard project add PATH"],
])("%s among %j is refused with the way out", (ref, names, message, hint) => {
  expect(() => findProject(storeOf(...names), ref)).toThrow(
    expect.objectContaining({ code: "not-found", message, hint }),
  );
});
