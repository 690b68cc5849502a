import { expect, test } from "vitest";
import { crashAt } from "./crash-points.ts";
import { KillableQueue } from "./killable-queue.ts";
import { findScenario } from "./queue-scenarios.ts";
import { type RunReport, runOnce } from "./random-runs.ts";
import { isSampled } from "./run-crash-points.ts";

/*
 * A sample of `npm run soak -- queue --crash-points` and `--runs`. A core of its own process dies by SIGKILL at one of its effects, a
 * new one follows it, and the auditor, which knows nothing of the queue's code, looks at what is there then.
 */

const seed = Math.floor(Math.random() * 1000);
/** Of some 100 to 300 effects each. */
const EVERY = 61;
const LIMIT = { timeout: 300_000 };

async function check(name: string) {
  process.stdout.write(`${name}: every ${EVERY}th effect from ${seed % EVERY} on\n`);
  const { points, violations } = await crashAt(findScenario(name), isSampled(EVERY, seed));
  expect(violations).toEqual([]);
  return points;
}

for (const checkedOut of ["main", "elsewhere"] as const) {
  const where = checkedOut === "main" ? "a target that is checked out" : "a target that is not";
  test(`killed at any step, a core lands ${where} exactly once`, LIMIT, async () => {
    await check(checkedOut === "main" ? "a checked-out target" : "a batch of three");
  });
}

test(
  "killed while it looks for the one that fails, a core lands the others and returns that one alone",
  LIMIT,
  async () => {
    await check("a search for the one that fails");
  },
);

for (const name of ["a landing that is held", "an undo", "a revert", "a push"]) {
  test(
    `killed at any step of ${name}, a core is followed by one that brings it to its end`,
    LIMIT,
    async () => {
      await check(name);
    },
  );
}

test(
  "killed at times while a person works in the repository, cores lose neither's work",
  LIMIT,
  async () => {
    await using killable = new KillableQueue();
    const reports: RunReport[] = [];
    for (const at of [0, 1]) reports.push(await runOnce(killable, seed + at));
    expect(
      reports.flatMap(({ violations }) => violations),
      `seed ${seed}`,
    ).toEqual([]);
  },
);
