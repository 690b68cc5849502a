import { expect, test } from "vitest";
import type { ConflictFile } from "../../../../shared/model/conflict-view.ts";
import { EntryId } from "../../../../shared/model/ids.ts";
import { findStranded, spotsOf } from "./own-texts.ts";

const entry = EntryId.parse("q-1");
const place = (target: string, branch: string) => ({
  ...{ kind: "lines" as const, base: "", target, branch },
});
const file = (...parts: ConflictFile["parts"]): ConflictFile => ({ path: "a.ts", parts });

test("what is being written stays at its place while the target moves, and where the place is gone it is left over", () => {
  const before = file(place("a", "x"), { kind: "same", text: "y" }, place("b", "x"));
  const [, second] = spotsOf(entry, before);
  if (!second) throw new Error("there are two places");
  const text = { ...second, text: "mine" };
  const moved = file(place("new", "other"), place("a2", "x"), place("b2", "x"));
  expect(spotsOf(entry, moved)[2]).toEqual(second);
  expect(findStranded({ entry, files: [moved] }, [text])).toEqual([]);
  const gone = file(place("a", "x"));
  expect(findStranded({ entry, files: [gone] }, [text])).toEqual([text]);
  expect(findStranded({ entry: EntryId.parse("q-2"), files: [] }, [text])).toEqual([]);
});
