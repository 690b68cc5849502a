import assert from "node:assert";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { isRealClaudeMissing } from "../../electron/core/provider/claude/claude-world.ts";
import { copiedPicture, wholePicture } from "../../electron/terminal-host/cut-stream.ts";
import { createRandom } from "../soak/random.ts";
import { recordClaude } from "./record-claude.ts";
import { runStories, type StoryFailure, shrinkStory, writeStory } from "./run-stories.ts";

const USAGE = `npm run soak -- terminal-fidelity: what windows show, against terminals that had every byte.
  --runs N    N made-up stories of a session and its windows (1000), half of them with what Claude Code printed
  --cuts N    a recorded session, copied at N places (1000)
  --seed N    the same seed makes the same stories`;
const RECORDED_SIZE = { cols: 120, rows: 40 };
/** Played between two reports. */
const PART = 100;

const say = (line: string) => void process.stdout.write(`${line}\n`);
process.exitCode = await main();

async function main(): Promise<number> {
  const asked = readOrder();
  if (asked === null) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  say(`Seed: ${asked.seed}`);
  const recording = await record();
  const failedCuts = recording ? await tryCuts(recording, asked.cuts, asked.seed) : 0;
  const failedStories = await tryStories(asked.runs, asked.seed, recording);
  return failedCuts + failedStories === 0 ? 0 : 1;
}

async function record(): Promise<Uint8Array | null> {
  if (isRealClaudeMissing) {
    say("Nothing is recorded: Claude Code is not installed.");
    return null;
  }
  const recording = await recordClaude();
  say(`Claude Code printed ${recording.length} bytes.`);
  return recording;
}

/** How many copies went on as another screen. */
async function tryCuts(recording: Uint8Array, cuts: number, seed: number): Promise<number> {
  const random = createRandom(seed);
  const original = wholePicture(recording, RECORDED_SIZE);
  let failed = 0;
  for (let cut = 0; cut < cuts; cut++) {
    const at = random.between(1, recording.length);
    const { copy } = await copiedPicture(recording, at, RECORDED_SIZE);
    if (isDeepStrictEqual(copy, original)) continue;
    failed++;
    say(`Cut at ${at}: ${writeFailure(difference(copy, original))}`);
  }
  say(`${cuts - failed} of ${cuts} copies of the recorded session went on as the session.`);
  return failed;
}

async function tryStories(
  runs: number,
  seed: number,
  recording: Uint8Array | null,
): Promise<number> {
  const failures: StoryFailure[] = [];
  for (let done = 0; done < runs; done += PART) {
    const isRecorded = recording !== null && (done / PART) % 2 === 1;
    const part = Math.min(PART, runs - done);
    failures.push(...(await runStories(seed + done, part, isRecorded ? recording : null)));
    say(`${done + part} stories, ${failures.length} failed`);
  }
  const [first] = failures;
  if (first) {
    say(writeFailure(first.error));
    say(`Shortened: ${writeStory(await shrinkStory(first.story))}`);
  }
  return failures.length;
}

function difference(actual: unknown, expected: unknown): unknown {
  try {
    return assert.deepStrictEqual(actual, expected);
  } catch (error) {
    return error;
  }
}

function writeFailure(error: unknown): string {
  const words: string[] = [];
  for (let one = error; one instanceof Error; one = one.cause) words.push(one.message);
  return words.join("\n").slice(0, 4000);
}

/** Null: that cannot be done. */
function readOrder() {
  try {
    const { values } = parseArgs({
      // The first word is "terminal-fidelity".
      args: process.argv.slice(3),
      options: {
        runs: { type: "string", default: "1000" },
        cuts: { type: "string", default: "1000" },
        seed: { type: "string" },
      },
    });
    const numbers = {
      runs: Number(values.runs),
      cuts: Number(values.cuts),
      seed: Number(values.seed ?? Math.floor(Math.random() * 2 ** 31)),
    };
    const isWhole = Object.values(numbers).every((each) => Number.isInteger(each) && each >= 0);
    return isWhole && numbers.runs + numbers.cuts > 0 ? numbers : null;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}
