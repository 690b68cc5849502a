export interface SessionLine {
  readonly kind: "session";
  readonly conversation: string;
  readonly isResumed: boolean;
  readonly name: string;
  readonly model: string;
  readonly permissionMode: string;
  /** A file, or the JSON itself. */
  readonly settings: string | null;
  readonly mcpConfig: string | null;
  readonly allowedTools: readonly string[];
  readonly appendSystemPrompt: string;
  readonly prompt: string | null;
}

export type CommandLine =
  | SessionLine
  | { readonly kind: "version" }
  | { readonly kind: "auth"; readonly action: "status" | "login" | "logout" }
  | { readonly kind: "refused"; readonly reason: string };

const FLAGS_WITH_A_VALUE: ReadonlySet<string> = new Set([
  "--session-id",
  "--resume",
  "-n",
  "--name",
  "--model",
  "--permission-mode",
  "--settings",
  "--mcp-config",
  "--append-system-prompt",
]);

/** The part of Claude Code's command line that workers are started with. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const [first, second] = args;
  if (first === "--version") return { kind: "version" };
  if (first === "auth") {
    if (second === "status" || second === "login" || second === "logout")
      return { kind: "auth", action: second };
    return { kind: "refused", reason: `error: unknown command 'auth ${second ?? ""}'` };
  }

  const values = new Map<string, string>();
  const allowedTools: string[] = [];
  let prompt: string | null = null;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") prompt = rest.splice(0).join(" ");
    else if (arg === "--strict-mcp-config") continue;
    else if (arg === "--allowedTools") {
      while (rest[0] !== undefined && !rest[0].startsWith("-"))
        allowedTools.push(rest.shift() ?? "");
    } else if (FLAGS_WITH_A_VALUE.has(arg)) values.set(arg, rest.shift() ?? "");
    else if (arg.startsWith("-")) {
      return { kind: "refused", reason: `error: unknown option '${arg}'` };
    } else prompt = arg;
  }

  const resumed = values.get("--resume");
  return {
    kind: "session",
    conversation: resumed ?? values.get("--session-id") ?? crypto.randomUUID(),
    isResumed: resumed !== undefined,
    name: values.get("-n") ?? values.get("--name") ?? "claude",
    model: values.get("--model") ?? "claude-sonnet-5-5",
    permissionMode: values.get("--permission-mode") ?? "default",
    settings: values.get("--settings") ?? null,
    mcpConfig: values.get("--mcp-config") ?? null,
    allowedTools,
    appendSystemPrompt: values.get("--append-system-prompt") ?? "",
    prompt,
  };
}
