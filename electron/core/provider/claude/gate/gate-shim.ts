// A program of its own, bundled alone: `<node> gate-shim.cjs <gate.json> <address file>`, run before a worker's tool call with the
// call on standard input. Exit 0 lets the call go on to the provider's own permissions, 2 stops it with the reason on standard error.
// A call that no rule knows costs this one start of a process. Whatever goes wrong stops the call: a gate that fails is closed.
import { readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { findDestructive } from "./find-destructive.ts";
import type { GateHit, GateRules } from "./gate-rules.ts";
import { realPathOf } from "./real-path.ts";

/** The program writes the call at once. */
const INPUT_DEADLINE_MS = 10_000;
const INPUT_MAX_BYTES = 64 * 1024 * 1024;
const FAILED = "Switchyard's gate failed, so this call was stopped";

const [rulesFile = "", addressFile = ""] = process.argv.slice(2);

process.on("uncaughtException", (error) => stop(`${FAILED}: ${error.message}`));
const late = setTimeout(() => stop(`${FAILED}: it was not told which call.`), INPUT_DEADLINE_MS);
const chunks: Buffer[] = [];
let bytes = 0;
process.stdin.on("data", (chunk: Buffer) => {
  bytes += chunk.length;
  if (bytes > INPUT_MAX_BYTES) stop(`${FAILED}: the call is too long.`);
  chunks.push(chunk);
});
process.stdin.on("end", () => {
  clearTimeout(late);
  judge(Buffer.concat(chunks).toString("utf8"));
});

function judge(text: string): void {
  const call = JSON.parse(text);
  const { tool_name: tool, tool_input: input, cwd } = call;
  if (
    typeof tool !== "string" ||
    typeof input !== "object" ||
    input === null ||
    typeof cwd !== "string"
  )
    throw new Error("this is no tool call.");
  // Written by write-session-files.ts; another file has no worktree and fails below.
  const rules = JSON.parse(readFileSync(rulesFile, "utf8")) as GateRules;
  if (typeof rules.worktree !== "string") throw new Error("its rules cannot be read.");
  const found = findDestructive({ tool, input, cwd, env: process.env }, rules, realPathOf);
  if (found === null) process.exit(0);
  const place = placeOf(cwd, rules.worktree);
  ask(JSON.stringify({ ...call, hook_event_name: "Gate", place, ...found }), found);
}

/** The same in the worktree of every task, so that a person's yes to a call is a yes to it in each of them. */
function placeOf(cwd: string, worktree: string): string {
  const real = realPathOf(cwd);
  if (real !== worktree && !real.startsWith(`${worktree}/`)) return real;
  return path.relative(worktree, real) || ".";
}

/** The host holds the request until somebody answers; there is no deadline but the hook's own. */
function ask(body: string, { why }: GateHit): void {
  const address = readFileSync(addressFile, "utf8").trim();
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const posting = request(`${address}/gate`, { method: "POST", headers }, (answer) => {
    let text = "";
    answer.setEncoding("utf8");
    answer.on("data", (part: string) => {
      text += part;
    });
    answer.on("aborted", () => stop(`${why} Nobody could be asked: Switchyard went away.`));
    answer.on("end", () => {
      const { decision, note } = answer.statusCode === 200 ? JSON.parse(text) : {};
      if (decision === "allow") pass();
      const said =
        typeof note === "string" && note !== ""
          ? `A person said no: ${note}`
          : "It was not allowed.";
      stop(`${why} ${said} Look for a way that does not need it, or call task_blocked.`);
    });
  });
  posting.on("error", () => stop(`${why} Nobody could be asked: Switchyard is not there.`));
  posting.end(body);
}

/** The person has seen the very call: the program need not ask them once more. */
function pass(): never {
  const decision = {
    hookEventName: "PreToolUse",
    permissionDecision: "allow",
    permissionDecisionReason: "A person let it through at Switchyard's gate.",
  };
  process.stdout.write(JSON.stringify({ hookSpecificOutput: decision }));
  process.exit(0);
}

function stop(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
