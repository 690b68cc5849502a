import { homedir } from "node:os";
import { resolveExecutable } from "./resolve-executable.ts";
import { ProcessError, runProcess } from "./run-process.ts";
import { buildEnvironment } from "./session-environment.ts";

/** How GitHub's own program ended; `missing`: it is not there. */
export type GhEnd =
  | { readonly kind: "missing" }
  | {
      readonly kind: "ended";
      /** Null when it was killed. */
      readonly exitCode: number | null;
      readonly stdout: string;
      readonly stderr: string;
    };

/** Runs GitHub's own program with these arguments, under the person's own sign-in. */
export type RunGh = (
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
) => Promise<GhEnd>;

/** GitHub answers within seconds, or not. */
const GH_TIMEOUT_MS = 60_000;

/** By which `gh` finds the sign-in that the person made with it, and the way to GitHub; no token is among them. */
const FOUND_BY = [
  "GH_CONFIG_DIR",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
  "APPDATA",
  "LOCALAPPDATA",
  "USERPROFILE",
  "SystemRoot",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];
const ASKS_NOTHING = {
  GH_PROMPT_DISABLED: "1",
  GH_NO_UPDATE_NOTIFIER: "1",
  GH_SPINNER_DISABLED: "1",
  NO_COLOR: "1",
  GIT_TERMINAL_PROMPT: "0",
};

/** Runs the `gh` of the person's PATH, looked for each time: it may be installed while the app runs. */
export function createRunGh(person: NodeJS.ProcessEnv): RunGh {
  return async (args, { cwd, signal }) => {
    const env = buildEnvironment({ person, allowed: FOUND_BY, additions: ASKS_NOTHING });
    const where = { pathVariable: env.PATH ?? "", homeFolder: homedir() };
    const found = resolveExecutable("gh", where);
    if (found.kind !== "found") return { kind: "missing" };
    try {
      const options = { cwd, env, signal, timeoutMs: GH_TIMEOUT_MS, okExitCodes: "any" as const };
      const { exitCode, stdout, stderr } = await runProcess(found.file, args, options);
      return { kind: "ended", exitCode, stdout, stderr };
    } catch (error) {
      if (!(error instanceof ProcessError)) throw error;
      // Its message holds all that was asked, the text of the pull request too.
      const stderr = error.result ? "it was ended: it took too long" : "it could not start";
      return { kind: "ended", exitCode: null, stdout: "", stderr };
    }
  };
}
