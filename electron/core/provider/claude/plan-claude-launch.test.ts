import { expect, test } from "vitest";
import {
  type ClaudeLaunchInput,
  type PermissionMode,
  planClaudeLaunch,
} from "./plan-claude-launch.ts";

const input: ClaudeLaunchInput = {
  dir: "/profiles/max-1",
  env: {},
  conversation: "6d2a1a0e-9a1c-4a63-8d8e-0c6f8f1f3c11",
  isResumed: false,
  name: "t-7 parser",
  model: null,
  permissionMode: "acceptEdits",
  allow: ["Bash(git *)"],
  settingsFile: "/s/settings.json",
  mcpFile: "/s/mcp.json",
  firstMessage: "Do it.",
  appendSystemPrompt: null,
};

function plan(patch: Partial<ClaudeLaunchInput>) {
  return planClaudeLaunch({ ...input, ...patch });
}

function lastArgument(firstMessage: string | null) {
  return plan({ firstMessage }).args.at(-1);
}

test("a first start names its conversation and ends with the message", () => {
  expect(plan({}).args.join(" ")).toBe(
    "-n t-7 parser --session-id 6d2a1a0e-9a1c-4a63-8d8e-0c6f8f1f3c11 --permission-mode acceptEdits " +
      "--settings /s/settings.json --mcp-config /s/mcp.json --strict-mcp-config " +
      "--allowedTools mcp__switchyard__* Bash(git *) -- Do it.",
  );
});

test("a conversation that goes on gets its files again", () => {
  const { args } = plan({ isResumed: true, model: "opus", appendSystemPrompt: "Be brief." });
  expect(args).not.toContain("--session-id");
  for (const flag of [
    "--resume",
    "--settings",
    "--mcp-config",
    "--model",
    "--append-system-prompt",
  ]) {
    expect(args).toContain(flag);
  }
});

test("without a message there is nothing after the flags", () => {
  expect(plan({ firstMessage: null }).args).not.toContain("--");
});

test("a message is never run as a command", () => {
  expect(lastArgument("/exit")).toBe(" /exit");
  expect(lastArgument("!rm -r .")).toBe(" !rm -r .");
  expect(lastArgument("--model x")).toBe("--model x");
  expect(lastArgument("Look at /etc")).toBe("Look at /etc");
});

test("modes that skip every question are refused, wherever they come from", () => {
  for (const mode of ["bypassPermissions", "auto", ""]) {
    // What a settings file says is text before it is a mode.
    const permissionMode = mode as PermissionMode;
    expect(() => plan({ permissionMode })).toThrow(/is not allowed/);
  }
});

test("a message longer than an argument can be is refused with a way out", () => {
  expect(() => lastArgument("é".repeat(70_000))).toThrow(/too long to start a worker/);
  expect(() => lastArgument("e".repeat(131_070))).not.toThrow();
});

test("the profile decides the folder, and its own variables cannot change it", () => {
  const own = { CLAUDE_CONFIG_DIR: "/elsewhere", ANTHROPIC_BASE_URL: "http://127.0.0.1:1" };
  expect(plan({ env: own }).env).toMatchObject({
    CLAUDE_CONFIG_DIR: "/profiles/max-1",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:1",
    DISABLE_AUTOUPDATER: "1",
  });
});

test("the default profile runs with the variable unset", () => {
  expect(plan({ dir: null, env: { CLAUDE_CONFIG_DIR: "/x" } }).env).not.toHaveProperty(
    "CLAUDE_CONFIG_DIR",
  );
});

test("a mode in which nothing is asked is for projects that accepted it", () => {
  const { args } = plan({ permissionMode: "bypassPermissions", isModeAccepted: true });
  expect(args).toContain("bypassPermissions");
  expect(() => plan({ permissionMode: "auto" })).toThrow(/is not allowed/);
});
