import { parseArgs } from "node:util";
import { runPowerCuts } from "./power-cuts.ts";
import { runCrashPoints } from "./run-crash-points.ts";
import { runRandomRuns } from "./run-random-runs.ts";

const USAGE = `npm run soak -- queue: the merge queue, its core killed again and again.
  --crash-points     at each of its effects, in every scenario; --every N: at every Nth
  --runs N           N made-up queues, two to five kills each, while a person works in the same repository
  --power-cuts N     N times, with the disk as a power cut leaves it (Linux, as root)
  --seed N           the same seed kills at the same places`;

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = readOrder();
  if (asked === null) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const { seed, every, runs, cuts } = asked;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(`Seed: ${seed}`);
  const violations = runs > 0 ? await runRandomRuns(runs, seed, say) : 0;
  const atPoints = every > 0 ? await runCrashPoints(every, seed, say) : 0;
  const atCuts = cuts > 0 ? await runPowerCuts(cuts, seed, say) : 0;
  return violations + atPoints + atCuts === 0 ? 0 : 1;
}

/** Null: that cannot be done. */
function readOrder() {
  try {
    const { values } = parseArgs({
      // The first word is "queue".
      args: process.argv.slice(3),
      options: {
        "crash-points": { type: "boolean", default: false },
        every: { type: "string", default: "1" },
        runs: { type: "string", default: "0" },
        "power-cuts": { type: "string", default: "0" },
        seed: { type: "string" },
      },
    });
    const numbers = {
      every: values["crash-points"] ? Number(values.every) : 0,
      runs: Number(values.runs),
      cuts: Number(values["power-cuts"]),
      seed: Number(values.seed ?? Math.floor(Math.random() * 2 ** 31)),
    };
    const isWhole = Object.values(numbers).every((each) => Number.isInteger(each) && each >= 0);
    const isSomething = numbers.every + numbers.runs + numbers.cuts > 0;
    return isWhole && isSomething ? numbers : null;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}
