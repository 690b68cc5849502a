import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { UnaskedMode } from "../../../../shared/model/permission-mode.ts";
import { writeFileDurably } from "../../base/write-file-durably.ts";
import type { GateRules } from "./gate/gate-rules.ts";
import type { SessionLocks } from "./gate/session-locks.ts";

/** How a program of ours is run on Node: under Electron its own binary, with ELECTRON_RUN_AS_NODE in `env`. */
export interface NodeCommand {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface SessionFilesInput {
  readonly folder: string;
  /** The host's port on the loopback. */
  readonly port: number;
  readonly token: string;
  readonly node: NodeCommand;
  /** The bundled signal-shim.ts. */
  readonly shim: string;
  /** What destructive calls are told by; left out, none is stopped. */
  readonly gate?: SessionGate | null;
  /** What its commands take build slots for; left out, for none. */
  readonly locks?: SessionLocksFile | null;
  /** The mode in which nothing is asked that this session was accepted to run in; the others stay out of reach in its pane too. */
  readonly acceptedMode?: UnaskedMode | null;
  /** Its commands run in the program's own sandbox; left out, in none. */
  readonly sandbox?: SessionSandbox | null;
}

export interface SessionSandbox {
  /** The folder that all worktrees of the repository share: a commit is written there. */
  readonly sharedGitDir: string;
  /** What git keeps of this worktree, inside that folder. */
  readonly gitDir: string;
  readonly worktree: string;
  /** The branch that work lands on: the merge queue alone moves it. */
  readonly target: string;
}

export interface SessionGate {
  /** The bundled gate-shim.ts. */
  readonly shim: string;
  readonly rules: GateRules;
}

export interface SessionLocksFile extends SessionLocks {
  /** The bundled gate-shim.ts. */
  readonly shim: string;
}

export interface SessionFiles {
  readonly settingsFile: string;
  readonly mcpFile: string;
  /** A program that hands the link it is given to the host: what BROWSER names while somebody signs in. */
  readonly openLinkFile: string;
}

/** Longer than any check of a task may take. */
const TOOL_TIMEOUT_MS = 24 * 3_600_000;
/** The host answers at once; a session must not wait for one that is gone. */
const HOOK_TIMEOUT_S = 5;
/** A person may answer the next day; until then the program shows its own dialog too. */
const ASK_TIMEOUT_S = 24 * 3_600;
/** Every call of another server's tools is looked at, and of the own ones that touch files or run commands. */
const GATED =
  "^(Bash|PowerShell|Monitor|Write|Edit|MultiEdit|NotebookEdit|mcp__(?!switchyard__).*)$";

/** What the session machine reads. PostToolBatch, subagents and streamed pieces would only repeat it, at length. */
const HTTP_HOOKS = [
  "UserPromptSubmit",
  "PreToolUse",
  "PostToolUse",
  "PostToolUseFailure",
  "Stop",
  "StopFailure",
  "PreCompact",
  "PostCompact",
  "SessionEnd",
] as const;

/**
 * Writes what a session's program needs to reach the host, all of it readable by this user alone: the files hold the session's
 * token, which for that reason is in no argument and no variable. Writing them again replaces them.
 */
export function writeSessionFiles(input: SessionFilesInput): SessionFiles {
  mkdirSync(input.folder, { recursive: true, mode: 0o700 });
  const addressFile = join(input.folder, "address");
  const settingsFile = join(input.folder, "settings.json");
  const mcpFile = join(input.folder, "mcp.json");
  const openLinkFile = join(input.folder, "open-link");
  const address = `http://127.0.0.1:${input.port}/s/${input.token}`;
  const shim = (kind: string) => shellCommand(input.node, [input.shim, addressFile, kind]);

  writeFileDurably(addressFile, `${address}\n`, { mode: 0o600 });
  const gate = gateOf(input, addressFile);
  writeFileDurably(settingsFile, toJson(settingsOf(address, shim, gate, input)), {
    mode: 0o600,
  });
  writeFileDurably(mcpFile, toJson(toolServerOf(address)), { mode: 0o600 });
  writeFileDurably(openLinkFile, `#!/bin/sh\nexec env ${shim("open-link")} "$1"\n`, {
    mode: 0o700,
  });
  // The umask may have taken the run bit.
  chmodSync(openLinkFile, 0o700);
  return { settingsFile, mcpFile, openLinkFile };
}

/**
 * The hook that stops destructive calls, and puts others behind a lock. Where there is a gate it fails closed: the shell's own failure, a Node that is gone and a shim that is killed end
 * with 2 too, and `onFailure` stops a call whose hook takes longer than it may (measured with 2.1.329, gate/real-gate.test.ts).
 */
function gateOf(
  { folder, node, gate, locks }: SessionFilesInput,
  addressFile: string,
): readonly object[] {
  const locksFile = join(folder, "locks.json");
  if (locks) {
    const { commands, prefixes } = locks;
    writeFileDurably(locksFile, toJson({ commands, prefixes }), { mode: 0o600 });
  }
  const more = locks ? [locksFile] : [];
  if (!gate) {
    if (!locks) return [];
    const run = shellCommand(node, [locks.shim, "-", addressFile, ...more]);
    return [
      { matcher: "^Bash$", hooks: [{ type: "command", command: run, timeout: HOOK_TIMEOUT_S }] },
    ];
  }
  const rulesFile = join(folder, "gate.json");
  writeFileDurably(rulesFile, toJson(gate.rules), { mode: 0o600 });
  const run = shellCommand(node, [gate.shim, rulesFile, addressFile, ...more]);
  const hook = {
    type: "command",
    command: `${run} || exit 2`,
    timeout: ASK_TIMEOUT_S,
    onFailure: "block",
  };
  return [{ matcher: GATED, hooks: [hook] }];
}

function settingsOf(
  address: string,
  shim: (kind: string) => string,
  gate: readonly object[],
  { acceptedMode, sandbox, port }: Pick<SessionFilesInput, "acceptedMode" | "sandbox" | "port">,
): object {
  const http = (place: string, timeout: number) => [
    { hooks: [{ type: "http", url: `${address}/${place}`, timeout }] },
  ];
  // SessionStart is told to commands only; an http entry there is skipped without a word.
  const command = [
    { hooks: [{ type: "command", command: shim("hook"), timeout: HOOK_TIMEOUT_S }] },
  ];
  return {
    // A settings file of the repository or the profile that says `true` would switch off every hook of this one, the gate among
    // them (measured with 2.1.329, gate/real-gate.test.ts).
    disableAllHooks: false,
    hooks: {
      SessionStart: command,
      ...Object.fromEntries(HTTP_HOOKS.map((name) => [name, http("hook", HOOK_TIMEOUT_S)])),
      PreToolUse: [...http("hook", HOOK_TIMEOUT_S), ...gate],
      PermissionRequest: http("ask", ASK_TIMEOUT_S),
    },
    statusLine: { type: "command", command: shim("status-line") },
    // A compaction in mid-task loses what the worker knew; context is watched by its gauge instead.
    autoCompactEnabled: false,
    // Takes "switch to auto mode" out of every permission dialog (measured with 2.1.329).
    ...(acceptedMode === "auto" ? {} : { disableAutoMode: "disable" }),
    ...(acceptedMode === "bypassPermissions"
      ? {}
      : { permissions: { disableBypassPermissionsMode: "disable" } }),
    ...(sandbox ? { sandbox: sandboxOf(sandbox, port) } : {}),
  };
}

/**
 * A sandbox that cannot be had refuses the session, and no command runs outside it because the model asked for that. The program's
 * own http hooks go through the sandbox's network too: without the host's address each would end in a dialog (real-sandbox.test.ts).
 */
function sandboxOf(
  { sharedGitDir, gitDir, worktree, target }: SessionSandbox,
  port: number,
): object {
  const inSharedDir = (names: readonly string[]) => names.map((name) => join(sharedGitDir, name));
  // Git itself runs what the first ones name, outside the sandbox too; a link decides where it looks for them. What is not there
  // would be seen in the sandbox as an empty file, which git takes for a broken repository.
  const existing = [
    ...inSharedDir(["HEAD", "modules", join("refs/heads", target)]),
    ...["commondir", "gitdir", "config.worktree"].map((name) => join(gitDir, name)),
    join(worktree, ".git"),
  ].filter((file) => existsSync(file));
  return {
    enabled: true,
    failIfUnavailable: true,
    allowUnsandboxedCommands: false,
    network: { allowedDomains: [`127.0.0.1:${port}`] },
    filesystem: {
      allowWrite: [sharedGitDir],
      denyWrite: [...inSharedDir(["hooks", "config", "config.worktree"]), ...existing],
    },
  };
}

function toolServerOf(address: string): object {
  const server = { type: "http", url: `${address}/mcp`, timeout: TOOL_TIMEOUT_MS };
  return { mcpServers: { switchyard: server } };
}

function shellCommand(node: NodeCommand, args: readonly string[]): string {
  const env = Object.entries(node.env).map(([name, value]) => `${name}=${quote(value)}`);
  return [...env, ...[node.file, ...args].map(quote)].join(" ");
}

/** One word for a POSIX shell, whatever it holds. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
