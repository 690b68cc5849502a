import { expect, test } from "vitest";
import { FlakyTests } from "../../shared/model/flaky-test.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { runAgainst } from "./fake-surroundings.ts";

const flaky = FlakyTests.parse({
  project: "app",
  known: 120,
  max: 2,
  tests: [
    {
      test: "a.test.ts > \u001b[2Jsometimes",
      command: "npm test",
      flips: 3,
      since: "2026-11-21T09:00:00.000Z",
      until: "2026-12-05T09:00:00.000Z",
      task: "t-4",
    },
    { test: "b > c", command: "npm test", flips: 1, since: null, until: null, task: null },
  ],
});

function queueTests(told: FlakyTests, ...words: readonly string[]) {
  const asked: unknown[] = [];
  const note = (input: unknown) => {
    asked.push(input);
    return told;
  };
  const handlers = {
    "queue.tests": note,
    "queue.release-test": note,
    "queue.forget-tests": note,
  };
  return runAgainst({ handlers }, "queue", "tests", ...words).then((ran) => ({ ...ran, asked }));
}

test("queue tests lists what is quarantined and what is watched, for a person and as JSON", async () => {
  const { out, exitCode } = await queueTests(flaky);
  expect(exitCode).toBe(0);
  expect(out).toBe(
    [
      "1 of 120 known tests quarantined, at most 2 at once.",
      "",
      "STATE        FLIPS  UNTIL       TASK  TEST",
      "quarantined  3      2026-12-05  t-4   a.test.ts > sometimes",
      "watched      1                        b > c",
      "",
    ].join("\n"),
  );
  expect((await queueTests(flaky, "--json")).json()).toEqual(flaky);
  expect((await queueTests({ ...flaky, tests: [] })).out).toBe(
    "No test of app has flipped of late.\n",
  );
});

test("a test is released and a check's tests are forgotten by name", async () => {
  const released = await queueTests(flaky, "--release", "b > c");
  expect(released.asked).toEqual([{ project: "/work/app/src", test: "b > c" }]);
  expect(released.out).toBe("b > c is released; three more flips quarantine it.\n");
  const forgotten = await queueTests(flaky, "--forget", "unit");
  expect(forgotten.asked).toEqual([{ project: "/work/app/src", check: "unit" }]);
  expect(forgotten.out).toBe("The next run of unit counts its tests anew.\n");
});

test("both at once, and a test that is not quarantined, are refused with the way out", async () => {
  const both = await queueTests(flaky, "--release", "a", "--forget", "b");
  expect([both.exitCode, both.asked]).toEqual([2, []]);
  expect(both.err).toContain("Give them in two commands.");
  const sentence = 'There is no quarantined test "a" in app.';
  const handlers = {
    "queue.release-test": () => {
      throw new SwitchyardError("not-found", sentence, "See: switchyard queue tests");
    },
  };
  const unknown = await runAgainst({ handlers }, "queue", "tests", "--release", "a");
  expect(unknown.exitCode).toBe(3);
  expect(unknown.err).toContain(sentence);
});
