import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";

// Programs in the place of claude that do one thing, at once and without a model.

const SIGNED_IN = `auth) echo '{"loggedIn":true,"authMethod":"claude.ai"}'; exit ;;`;
const SIGNED_OUT = `auth) echo '{"loggedIn":false,"authMethod":"none"}'; exit 1 ;;`;

/** Answers the app's questions, and ends as soon as it is given work. */
export function writeDyingWorker(folder: string, lastWords: string, exitCode: number): string {
  const body = `${answering(SIGNED_IN)}echo "${lastWords}"; exit ${exitCode}\n`;
  return writeProgram(folder, `dying-worker-${exitCode}`, body);
}

export function writeSignedOutWorker(folder: string): string {
  return writeProgram(folder, "signed-out-worker", `${answering(SIGNED_OUT)}exec sleep 600\n`);
}

/** Ends at once whatever it is asked, also who is signed in. */
export function writeBrokenWorker(folder: string, lastWords: string): string {
  return writeProgram(folder, "broken-worker", `#!/bin/sh\necho "${lastWords}" >&2; exit 9\n`);
}

/**
 * Prints its arguments, adds a line at the end of `file`, commits that and calls `task_done`; then it waits to be ended.
 * The line names the task.
 */
export function writeQuickWorker(folder: string, file: string): string {
  const script = path.join(folder, "quick-worker.cjs");
  writeFileSync(script, quickWorker(file));
  const run = `exec "${process.execPath}" "${script}" "$@"\n`;
  return writeProgram(folder, "quick-worker", answering(SIGNED_IN) + run);
}

/** What a worker asks for: a tool and what it is called with, as `claude` tells its hook. */
export interface AskedCall {
  readonly tool_name: string;
  readonly tool_input: object;
}

/** Asks for one call after the other, prints what it is answered, then waits to be ended. */
export function writeAskingWorker(folder: string, calls: readonly AskedCall[]): string {
  const script = path.join(folder, "asking-worker.cjs");
  writeFileSync(script, askingWorker(calls));
  const run = `exec "${process.execPath}" "${script}" "$@"\n`;
  return writeProgram(folder, "asking-worker", answering(SIGNED_IN) + run);
}

function answering(auth: string): string {
  return `#!/bin/sh\ncase "$1" in\n  --version) echo "2.1.0 (a test)"; exit ;;\n  ${auth}\nesac\n`;
}

function writeProgram(folder: string, name: string, text: string): string {
  const program = path.join(folder, name);
  writeFileSync(program, text);
  chmodSync(program, 0o755);
  return program;
}

const HOOKS = `
const { readFileSync } = require("node:fs");
const args = process.argv.slice(2);
const valueOf = (name) => JSON.parse(readFileSync(args[args.indexOf(name) + 1], "utf8"));
const { hooks } = valueOf("--settings");
const post = (to, message) => fetch(to, {
  method: "POST",
  headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
  body: JSON.stringify(message),
}).then((response) => response.text());
const hook = (hook_event_name, more) =>
  post(hooks[hook_event_name][0].hooks[0].url, { hook_event_name, ...more });
`;

const askingWorker = (calls: readonly AskedCall[]) => `${HOOKS}
(async () => {
  await hook("UserPromptSubmit", { prompt: "go" });
  for (const call of ${JSON.stringify(calls)}) {
    await hook("PreToolUse", call);
    console.log("answered " + await hook("PermissionRequest", call));
    await hook("PostToolUse", call);
  }
  await hook("Stop", {});
  setInterval(() => {}, 60_000);
})();
`;

const quickWorker = (file: string) => `${HOOKS}
const { execFileSync } = require("node:child_process");
const { appendFileSync } = require("node:fs");
const { url } = valueOf("--mcp-config").mcpServers.switchyard;
(async () => {
  console.log(args.slice(0, args.indexOf("--")).join(" "));
  await hook("UserPromptSubmit", { prompt: "go" });
  const task = process.env.SWITCHYARD_TASK;
  appendFileSync(${JSON.stringify(file)}, "by " + task + "\\n");
  execFileSync("git", ["commit", "-qam", "work of " + task]);
  const done = { name: "task_done", arguments: { summary: "A line was added." } };
  console.log(await post(url, { jsonrpc: "2.0", id: 1, method: "tools/call", params: done }));
  await hook("Stop", {});
  setInterval(() => {}, 60_000);
})();
`;
