import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, sep } from "node:path";
import type { ToolUse } from "./call-model.ts";
import type { ToolServer } from "./tool-server.ts";

export interface ToolOutcome {
  readonly text: string;
  readonly isError: boolean;
}

const BASH_TIMEOUT_MS = 120_000;
const OUTPUT_MAX_BYTES = 1 << 20;

/** Does what a tool call asks for. What goes wrong is an answer for the model. */
export async function runTool(
  { name, input }: ToolUse,
  servers: readonly ToolServer[],
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const path = String(input.file_path ?? "");
  try {
    switch (name) {
      case "Write":
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, String(input.content));
        return { text: `File created successfully at: ${path}`, isError: false };
      case "Read":
        return { text: readFileSync(path, "utf8"), isError: false };
      case "Edit":
        return edit(path, String(input.old_string), String(input.new_string));
      case "Bash":
        return await runShell(String(input.command), signal);
      default:
        return await callServer(name, input, servers, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    return { text: error instanceof Error ? error.message : String(error), isError: true };
  }
}

function edit(path: string, before: string, after: string): ToolOutcome {
  const parts = readFileSync(path, "utf8").split(before);
  if (parts.length === 1)
    return { text: `String to replace not found in file.\nString: ${before}`, isError: true };
  if (parts.length > 2)
    return { text: `Found ${parts.length - 1} matches of the string to replace.`, isError: true };
  writeFileSync(path, parts.join(after));
  return { text: `The file ${path} has been updated successfully.`, isError: false };
}

function runShell(command: string, signal: AbortSignal): Promise<ToolOutcome> {
  return new Promise((resolve, reject) => {
    const limits = { timeout: BASH_TIMEOUT_MS, maxBuffer: OUTPUT_MAX_BYTES, signal };
    execFile("/bin/sh", ["-c", command], limits, (error, stdout, stderr) => {
      if (signal.aborted) return reject(signal.reason);
      const output = [stdout, stderr].filter(Boolean).join("\n").trim();
      if (error) resolve({ text: `Exit code ${error.code}\n${output}`, isError: true });
      else resolve({ text: output || "(Bash completed with no output)", isError: false });
    });
  });
}

async function callServer(
  name: string,
  input: object,
  servers: readonly ToolServer[],
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const server = servers.find((each) => name.startsWith(`mcp__${each.name}__`));
  if (!server) return { text: `The stand-in has no tool ${name}.`, isError: true };
  return await server.call(name.slice(`mcp__${server.name}__`.length), input, signal);
}

const ALWAYS_ALLOWED = ["Read", "Glob", "Grep"];
const HARMLESS_COMMANDS = /^(echo|ls|cat|pwd|sleep|true|git (status|log|diff|show))\b/;

export interface Permissions {
  readonly mode: string;
  readonly allowed: readonly string[];
}

/** Whether a tool call runs unasked. */
export function isAllowed({ name, input }: ToolUse, { mode, allowed }: Permissions): boolean {
  if (ALWAYS_ALLOWED.includes(name)) return true;
  if (name === "Write" || name === "Edit") {
    const isInside = String(input.file_path).startsWith(process.cwd() + sep);
    return (mode === "acceptEdits" && isInside) || allowed.includes(name);
  }
  if (name !== "Bash") return allowed.some((pattern) => matches(pattern, name));
  if (allowed.includes("Bash")) return true;
  const commands = String(input.command).split(/&&|\|\||;|\||\n/);
  const prefixes = allowed.flatMap((rule) => /^Bash\((.*)\)$/.exec(rule)?.[1] ?? []);
  return commands
    .map((command) => command.trim())
    .every(
      (command) =>
        HARMLESS_COMMANDS.test(command) ||
        prefixes.some((prefix) => matches(prefix.replace(/:\*$/, " *"), command)),
    );
}

/** A star stands for anything; one after a space also for nothing at all. */
function matches(pattern: string, text: string): boolean {
  const [start = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return text === pattern;
  return text.startsWith(start) || text === start.trim();
}
