import { readFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Pace, ProgramOrder, ProgramReport } from "./program-control.ts";
import { cutRepaints } from "./terminal-content.ts";

/** A session's program: prints at the pace it is told, in raw mode, and says a number for each key it is given. */
const HZ = 10;
const LINE_FEED = 10;
const settings = process.argv[process.argv.indexOf("--settings") + 1] ?? "";
const session = path.basename(path.dirname(settings));
const socket = connect(process.env.BENCH_CONTROL ?? "");
const report = (said: Omit<ProgramReport, "session">) =>
  socket.write(`${JSON.stringify({ session, ...said })}\n`);

let written = 0;
let keys = 0;
let printing: NodeJS.Timeout | undefined;
const print = (text: Uint8Array | string) => {
  const bytes = Buffer.from(text);
  // The terminal puts a carriage return before each line feed, in Node's raw mode too.
  written += bytes.length + bytes.filter((byte) => byte === LINE_FEED).length;
  process.stdout.write(bytes);
};

process.stdin.setRawMode(true).on("data", (typed: Buffer) => {
  for (const _key of typed) {
    keys += 1;
    print(`\r\x1b[2KKEY-${keys}.`);
  }
});
socket.once("end", () => process.exit());
createInterface(socket).on("line", (line) => {
  const order = JSON.parse(line) as ProgramOrder; // Written by the benchmark itself.
  clearInterval(printing);
  if (order.pace) play(order.pace);
  if (order.lines > 0) print(fill(order.lines));
  if (order.marker) print(`\r\n${order.marker}\r\n`);
  const { columns, rows } = process.stdout;
  report({ written, cols: columns, rows, atMs: Date.now(), answers: order.id });
});

// Tells that it took its first message, so that the next of its profile may start.
const { hooks } = JSON.parse(readFileSync(settings, "utf8"));
const body = JSON.stringify({ hook_event_name: "UserPromptSubmit", prompt: "go" });
await fetch(hooks.UserPromptSubmit[0].hooks[0].url, { method: "POST", body });
print("here\r\n");
report({ written, cols: 0, rows: 0, atMs: Date.now(), answers: 0 });

/** A screen repainted ten times a second; with a rate, as many repaints each time as it takes. */
function play({ bytesPerSecond }: Pace): void {
  const repaints = cutRepaints({ cols: process.stdout.columns });
  const startedAt = performance.now();
  let at = 0;
  let played = 0;
  printing = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * bytesPerSecond;
    const now: Uint8Array[] = [];
    do {
      const repaint = repaints[at++ % repaints.length] ?? Buffer.alloc(0);
      played += repaint.length;
      now.push(repaint);
    } while (played < due);
    print(Buffer.concat(now));
  }, 1000 / HZ);
}

function fill(lines: number): string {
  const line = (n: number) => `${n} ${"what a build says of a file ".repeat(4)}\r\n`;
  return Array.from({ length: lines }, (_, n) => line(n)).join("");
}
