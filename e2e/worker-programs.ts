import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";

// Programs in the place of claude that do one thing, at once and without a model.

const SIGNED_IN = `auth) echo '{"loggedIn":true,"authMethod":"claude.ai"}'; exit ;;`;
const SIGNED_OUT = `auth) echo '{"loggedIn":false,"authMethod":"none"}'; exit 1 ;;`;

/** Answers the app's questions before a start, and runs `body`, lines of a shell, when it is given work. Returns its path. */
export function writeWorker(folder: string, name: string, body: string): string {
  return writeProgram(folder, name, `${answering(SIGNED_IN)}${body}\n`);
}

/** Lines for such a body: the terminal host is told that the first message was taken. What they print is an error. */
export const TAKE_MESSAGE = `while [ $# -gt 0 ]; do [ "$1" = --settings ] && settings=$2; shift; done
"${process.execPath}" -e '
  const { hooks } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const body = JSON.stringify({ hook_event_name: "UserPromptSubmit", prompt: "go" });
  fetch(hooks.UserPromptSubmit[0].hooks[0].url, { method: "POST", body });
' "$settings"`;

/** Ends as soon as it is given work. */
export function writeDyingWorker(folder: string, lastWords: string, exitCode: number): string {
  return writeWorker(folder, `dying-worker-${exitCode}`, `echo "${lastWords}"; exit ${exitCode}`);
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
  return writeWorker(folder, "quick-worker", `exec "${process.execPath}" "${script}" "$@"`);
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
  return writeWorker(folder, "asking-worker", `exec "${process.execPath}" "${script}" "$@"`);
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

/** The beginning of a worker's script: `hook` tells the terminal host one, `post` calls the tool server. */
export const HOOKS = `
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
