import { UnaskedMode } from "../../../../shared/model/permission-mode.ts";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import { type ClaudeHome, planClaudeEnvironment } from "./plan-claude-environment.ts";

/** The modes every session may be started in; in the others it asks nothing, and somebody has to have accepted that. */
export const PERMISSION_MODES = ["default", "acceptEdits", "plan", "dontAsk"] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

/** Linux refuses a single argument above 128 KiB, ending zero included (MAX_ARG_STRLEN); the rest is room for a byte more. */
const ARGUMENT_MAX_BYTES = 128 * 1024 - 2;

export interface ClaudeLaunchInput extends ClaudeHome {
  readonly conversation: string;
  /** The conversation has begun before: it is continued. Files and flags have to be passed again, the CLI keeps none. */
  readonly isResumed: boolean;
  readonly name: string;
  readonly model: string | null;
  readonly permissionMode: PermissionMode | UnaskedMode;
  /** Somebody accepted this mode for the project, if it is one in which nothing is asked. */
  readonly isModeAccepted?: boolean;
  /** Tools that run unasked, beside those of Switchyard's own server. */
  readonly allow: readonly string[];
  readonly settingsFile: string;
  readonly mcpFile: string;
  readonly firstMessage: string | null;
  readonly appendSystemPrompt: string | null;
}

export interface ClaudeLaunch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The arguments and variables that start one worker. No secret is among them: the files hold it.
 * Throws `bad-input` for a permission mode that is not allowed and for a message that no argument can carry.
 */
export function planClaudeLaunch(input: ClaudeLaunchInput): ClaudeLaunch {
  if (!(input.isModeAccepted && UnaskedMode.safeParse(input.permissionMode).success))
    refuseMode(input.permissionMode);
  const args = [
    "-n",
    printable(input.name),
    input.isResumed ? "--resume" : "--session-id",
    input.conversation,
    ...(input.model === null ? [] : ["--model", input.model]),
    "--permission-mode",
    input.permissionMode,
    "--settings",
    input.settingsFile,
    "--mcp-config",
    input.mcpFile,
    "--strict-mcp-config",
    ...(input.appendSystemPrompt === null
      ? []
      : ["--append-system-prompt", input.appendSystemPrompt]),
    "--allowedTools",
    "mcp__switchyard__*",
    ...input.allow,
    // Takes several values and would swallow the message without the dashes.
    ...(input.firstMessage === null ? [] : ["--", asMessage(input.firstMessage)]),
  ];
  for (const argument of args) refuseLongArgument(argument);
  return { args, env: planClaudeEnvironment(input) };
}

/** A text that begins with `/` or `!` would be run as a command, even when pasted; after a space it is an ordinary message. */
export function asMessage(text: string): string {
  return /^[/!]/.test(text) ? ` ${text}` : text;
}

function refuseMode(mode: string): void {
  if ((PERMISSION_MODES as readonly string[]).includes(mode)) return;
  throw new SwitchyardError(
    "bad-input",
    `The permission mode ${mode} is not allowed.`,
    `Choose one of: ${PERMISSION_MODES.join(", ")}.`,
  );
}

function refuseLongArgument(argument: string): void {
  const bytes = new TextEncoder().encode(argument).length;
  if (bytes <= ARGUMENT_MAX_BYTES) return;
  throw new SwitchyardError(
    "bad-input",
    `A text of ${bytes} bytes is too long to start a worker with (at most ${ARGUMENT_MAX_BYTES}).`,
    "Put the text into a file of the repository and name the file in the task.",
  );
}

function printable(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  return name.replace(/[\u0000-\u001f\u007f]+/g, " ").trim() || "worker";
}
