/** Longer than any check of a task may take; the CLI takes at most nine digits. */
const TOOL_TIMEOUT_MS = 24 * 3_600_000;

export interface ClaudeHome {
  /** CLAUDE_CONFIG_DIR; null: the variable stays unset, which is not the same as naming the default folder. */
  readonly dir: string | null;
  /** The profile's own variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a program of this profile gets on top of the allow-listed variables. Sign-in, its check and workers all get the same. */
export function planClaudeEnvironment({ dir, env }: ClaudeHome): Readonly<Record<string, string>> {
  const own = Object.entries(env).filter(([name]) => name !== "CLAUDE_CONFIG_DIR");
  return {
    ...Object.fromEntries(own),
    ...(dir === null ? {} : { CLAUDE_CONFIG_DIR: dir }),
    // What our terminals are, whatever the core itself was started in.
    TERM: "xterm-256color",
    DISABLE_AUTOUPDATER: "1",
    // Keeps people from mixing the CLI's own background sessions with ours.
    CLAUDE_CODE_DISABLE_AGENT_VIEW: "1",
    // `task_done` answers when the checks have run. Unset, a call that takes 2 min goes on in the background and the turn ends
    // without its answer, and one that is silent for 5 min is given up (measured with 2.1.329).
    MCP_TOOL_TIMEOUT: String(TOOL_TIMEOUT_MS),
    CLAUDE_CODE_MCP_TOOL_IDLE_TIMEOUT: "0",
    CLAUDE_CODE_MCP_AUTO_BACKGROUND_MS: "0",
  };
}
