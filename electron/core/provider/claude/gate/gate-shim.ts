// A program of its own, bundled alone: `<node> gate-shim.cjs <gate.json> <address file> [locks.json]`, run before a worker's tool call
// with the call on standard input. Exit 0 lets the call go on to the provider's own permissions, 2 stops it with the reason on
// standard error. A call that no rule knows costs this one start of a process. Whatever goes wrong stops the call: a gate that fails
// is closed. `-` in the place of gate.json: there is no gate, and nothing stops a call. On the way commands that locks.json lists are
// put behind the program that waits for a build slot.
import { readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { findDestructive } from "./find-destructive.ts";
import { putThroughLocks } from "./find-locked.ts";
import type { GateHit, GateRules } from "./gate-rules.ts";
import { realPathOf } from "./real-path.ts";
import type { SessionLocks } from "./session-locks.ts";

/** The program writes the call at once. */
const INPUT_DEADLINE_MS = 10_000;
const INPUT_MAX_BYTES = 64 * 1024 * 1024;
const FAILED = "Switchyard's gate failed, so this call was stopped";

/** The longest the program lets a command run in the foreground; the wait for a slot counts. Later it goes on in the background. */
const COMMAND_MS = 600_000;

const [rulesFile = "", addressFile = "", locksFile] = process.argv.slice(2);
const isGated = rulesFile !== "-";

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
  if (!isGated) letGo(call);
  // Written by write-session-files.ts; another file has no worktree and fails below.
  const rules = JSON.parse(readFileSync(rulesFile, "utf8")) as GateRules;
  if (typeof rules.worktree !== "string") throw new Error("its rules cannot be read.");
  const found = findDestructive({ tool, input, cwd, env: process.env }, rules, realPathOf);
  if (found === null) letGo(call);
  const place = placeOf(cwd, rules.worktree);
  ask(JSON.stringify({ ...call, hook_event_name: "Gate", place, ...found }), found, call);
}

/** The same in the worktree of every task, so that a person's yes to a call is a yes to it in each of them. */
function placeOf(cwd: string, worktree: string): string {
  const real = realPathOf(cwd);
  if (real !== worktree && !real.startsWith(`${worktree}/`)) return real;
  return path.relative(worktree, real) || ".";
}

/** The host holds the request until somebody answers; there is no deadline but the hook's own. */
function ask(body: string, { why }: GateHit, call: Call): void {
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
      if (decision === "allow") pass(call);
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

interface Call {
  readonly tool_name: string;
  readonly tool_input: Readonly<Record<string, unknown>>;
}

/** The person has seen the very call: the program need not ask them once more. */
function pass(call: Call): never {
  reply({
    permissionDecision: "allow",
    permissionDecisionReason: "A person let it through at Switchyard's gate.",
    ...inSlots(call),
  });
}

/** Without a decision of ours the program's own permissions judge it, as it will run. */
function letGo(call: Call): never {
  const changed = inSlots(call);
  if (Object.keys(changed).length === 0) process.exit(0);
  reply(changed);
}

function reply(decision: object): never {
  const hookSpecificOutput = { hookEventName: "PreToolUse", ...decision };
  process.stdout.write(JSON.stringify({ hookSpecificOutput }));
  process.exit(0);
}

/** A lock that fails is no reason to keep a worker from building. */
function inSlots({ tool_name: tool, tool_input: input }: Call): { readonly updatedInput?: object } {
  if (locksFile === undefined || tool !== "Bash" || typeof input.command !== "string") return {};
  try {
    // Written by write-session-files.ts; anything else fails and is left alone.
    const { commands, prefixes } = JSON.parse(readFileSync(locksFile, "utf8")) as SessionLocks;
    const command = putThroughLocks(input.command, commands, (lock) => prefixes[lock] ?? "");
    if (command === null) return {};
    const timeout = Math.max(Number(input.timeout) || 0, COMMAND_MS);
    return { updatedInput: { ...input, command, timeout } };
  } catch {
    return {};
  }
}

function stop(reason: string): never {
  if (!isGated) process.exit(0);
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
