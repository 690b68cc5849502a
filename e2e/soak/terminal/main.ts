import { parseArgs } from "node:util";
import { createAppHome } from "../../app-home.ts";
import { runTerminalSoak, type TerminalSoakSummary } from "./run-terminal-soak.ts";

const USAGE = `npm run soak -- terminal: sessions that print many times as fast as usual, and windows on them; nothing may grow.
  --minutes N    (15; less than 5 ends before all is warm)
  --sessions N   (25)
  --seed N       the same seed resizes, hides and comes back in the same order
Linux only: what processes hold is read from /proc.`;

const say = (line: string) => void process.stdout.write(`${line}\n`);
process.exitCode = await main();

async function main(): Promise<number> {
  const asked = readOrder();
  if (asked === null || process.platform !== "linux") {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  say(`Seed: ${asked.seed}`);
  await using home = await createAppHome({});
  const summary = await runTerminalSoak({ ...asked, home, say });
  say(`\n${printSummary(summary)}`);
  return [...summary.growth.values()].every(({ isFlat }) => isFlat) ? 0 : 1;
}

function printSummary({ printedMb, usualHours, done, growth }: TerminalSoakSummary): string {
  const acts = Object.entries(done).map(([name, times]) => `${times} ${name}`);
  const rows = [...growth].map(([name, { warm, end, allowed, isFlat }]) =>
    [
      name.padEnd(20),
      ...[warm, end, allowed].map((value) => value.toFixed(1).padStart(12)),
      isFlat ? "  flat" : "  GROWS",
    ].join(""),
  );
  return [
    `${printedMb.toFixed(0)} MB printed: as much as in ${usualHours.toFixed(1)} hours at the usual rate; ${acts.join(", ")}`,
    `${"".padEnd(20)}${["warm", "at the end", "allowed"].map((title) => title.padStart(12)).join("")}`,
    ...rows,
  ].join("\n");
}

/** Null: that cannot be done. */
function readOrder() {
  try {
    const { values } = parseArgs({
      // The first word is "terminal".
      args: process.argv.slice(3),
      options: {
        minutes: { type: "string", default: "15" },
        sessions: { type: "string", default: "25" },
        seed: { type: "string" },
      },
    });
    const asked = {
      minutes: Number(values.minutes),
      sessions: Number(values.sessions),
      seed: Number(values.seed ?? Math.floor(Math.random() * 2 ** 31)),
    };
    const isPossible = asked.minutes > 0 && asked.sessions >= 1 && Number.isInteger(asked.sessions);
    return isPossible && Number.isInteger(asked.seed) ? asked : null;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}
