import { expect, test } from "vitest";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { RevertPlan, UndoPlan } from "../../shared/model/take-back.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleEntry } from "./sample-rows.ts";

const dependent = {
  title: "Sort by date",
  commit: "c".repeat(40),
  entry: "q-6",
  task: "t-9",
  files: ["it's \u001b[31mred.txt"],
};
const revertPlan = RevertPlan.parse({
  entry: "q-4",
  commit: "a".repeat(40),
  target: "main",
  dependents: [dependent, { ...dependent, commit: null, entry: null, task: "t-10", files: [] }],
  conflicts: ["a.txt"],
});

test("a revert says which entry takes the work back, and sends whether to go on anyway", async () => {
  const sent: unknown[] = [];
  const handlers = {
    "queue.revert": (input: unknown) => {
      sent.push(input);
      return sampleEntry;
    },
  };
  const { out, exitCode } = await runAgainst({ handlers }, "queue", "revert", "q-2");
  expect([exitCode, out]).toEqual([0, "q-4 (t-7) takes back what q-2 landed.\n"]);
  await runAgainst({ handlers }, "queue", "revert", "q-2", "--anyway");
  expect(sent).toEqual([
    { entry: "q-2", isAnyway: false },
    { entry: "q-2", isAnyway: true },
  ]);
});

test("a dry run of a revert names what came after it, without control characters, and changes nothing", async () => {
  const handlers = { "queue.revert-plan": () => revertPlan };
  const { out } = await runAgainst({ handlers }, "queue", "revert", "q-4", "--dry-run");
  expect(out).toContain("Reverting q-4 takes aaaaaaaaaaaa back from main.");
  expect(out).toContain('q-6 t-9 cccccccccccc "Sort by date"');
  expect(out).toContain('t-10 "Sort by date": waited for it');
  expect(out).toContain("changed the same lines in a.txt");
  expect(out).not.toContain("\u001b");
});

test("an undo names what it took off the target; a dry run what would bring it back", async () => {
  const undoPlan = UndoPlan.parse({
    entries: ["q-4"],
    commit: "a".repeat(40),
    before: "b".repeat(40),
    target: "main",
    holders: [{ task: "t-8", branch: "switchyard/t-8-x" }],
  });
  const handlers = {
    "queue.undo": () => [sampleEntry],
    "queue.undo-plan": () => undoPlan,
  };
  const words = ["queue", "undo", "--project", "app"];
  const undone = await runAgainst({ handlers }, ...words);
  expect(undone.out).toBe("The landing of q-4 (t-7) is undone.\n");
  const { out } = await runAgainst({ handlers }, ...words, "--dry-run");
  expect(out).toContain("puts main back to bbbbbbbbbbbb");
  expect(out).toContain("t-8 switchyard/t-8-x");
});

test.each([
  ["queue", "revert", "q-1"],
  ["queue", "undo"],
])("%s %s needs the running app: exit 4", async (...args) => {
  const { exitCode, needs } = await runAgainst({ isRunning: false }, ...args);
  expect([exitCode, needs]).toEqual([4, ["app"]]);
});

test("an id of another kind is refused before anything is asked", async () => {
  const { exitCode } = await runAgainst({ handlers: {} }, "queue", "revert", "t-1");
  expect(exitCode).not.toBe(0);
});

test("a refusal that names a title of the repository's writes no control sequence", async () => {
  const refuse = () => {
    throw new SwitchyardError(
      "wrong-state",
      'Something builds on it: "\u001b]0;owned\u0007x".',
      "Go on.",
    );
  };
  const handlers = { "queue.revert": refuse };
  const { err, exitCode } = await runAgainst({ handlers }, "queue", "revert", "q-4");
  expect(exitCode).toBe(3);
  expect(err).toContain("Something builds on it");
  expect(err).not.toContain("\u001b");
});
