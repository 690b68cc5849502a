/** On Linux and WSL; macOS brings its own (code.claude.com/docs/en/sandboxing). */
const NEEDED = [
  ["bwrap", "bubblewrap"],
  ["socat", "socat"],
] as const;

/**
 * Why a session that must run in the sandbox cannot start here, with the way out; null where nothing is known to be in the way. Looked at before
 * the start: the program itself ends with 1 in a terminal and says nothing there (measured with 2.1.329, real-sandbox.test.ts).
 */
export function whyNoSandbox(
  platform: NodeJS.Platform,
  hasProgram: (name: string) => boolean,
): string | null {
  const off = "Or switch it off: agents.worker.sandbox: false.";
  if (platform === "win32")
    return `Claude Code has no sandbox on Windows that works without being set up there. ${off}`;
  if (platform !== "linux") return null;
  const missing = NEEDED.filter(([program]) => !hasProgram(program)).map(([, name]) => name);
  if (missing.length === 0) return null;
  const [verb, them] = missing.length === 1 ? ["is", "it"] : ["are", "them"];
  return `Claude Code's sandbox needs ${missing.join(" and ")}, which ${verb} not installed. Install ${them}, e.g. apt install ${missing.join(" ")}. ${off}`;
}
