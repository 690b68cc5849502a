import { expect, test } from "vitest";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleEntry } from "./sample-rows.ts";

test("resolving by hand names the worktree and the files, and how to go on", async () => {
  const sent: unknown[] = [];
  const handlers = {
    "queue.resolve": (input: unknown) => {
      sent.push(input);
      return { entry: sampleEntry, folder: "/w/resolve-q-4", files: ["a b.txt"] };
    },
  };
  const { out, exitCode } = await runAgainst({ handlers }, "queue", "resolve", "q-4");
  expect([exitCode, out]).toEqual([0, expect.stringContaining("in /w/resolve-q-4:\n  a b.txt\n")]);
  expect(out).toContain("switchyard queue resolve q-4 --done");
  await runAgainst({ handlers }, "queue", "resolve", "q-4", "--done");
  await runAgainst({ handlers }, "queue", "resolve", "q-4", "--give-up");
  expect(sent).toEqual(["open", "take", "give-up"].map((act) => ({ entry: "q-4", act })));
});

test("a resolution that is not done is told with the way on, and both words at once are none", async () => {
  const handlers = {
    "queue.resolve": () => {
      throw new SwitchyardError("wrong-state", "a.txt is still in conflict.", "git add it.");
    },
  };
  const refused = await runAgainst({ handlers }, "queue", "resolve", "q-4", "--done");
  expect([refused.exitCode, refused.err]).toEqual([3, expect.stringContaining("git add it.")]);
  const both = await runAgainst({ handlers }, "queue", "resolve", "q-4", "--done", "--give-up");
  expect([both.exitCode, both.err]).toEqual([2, expect.stringContaining("either --done or")]);
});
