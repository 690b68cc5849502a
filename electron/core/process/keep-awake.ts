import { homedir } from "node:os";
import { startOwnedProcess } from "./owned-process.ts";
import { resolveExecutable } from "./resolve-executable.ts";

/** As long as a timer can count: it is let go of when the work is done, and taken again should that take longer. */
const LONGEST_MS = 2 ** 31 - 1;
/** How to reach the system, and nothing of the person's. */
const ENVIRONMENT = ["PATH", "HOME", "XDG_RUNTIME_DIR", "DBUS_SYSTEM_BUS_ADDRESS"];

interface Program {
  readonly name: string;
  readonly args: readonly string[];
}

/**
 * Keeps the machine awake with the system's own program, until it is disposed of. Null where there is none, as on Windows.
 * The program ends with this process, also when that is killed: it waits on a pipe of this process's, or on its pid.
 */
export function keepAwake(
  env: Readonly<Record<string, string | undefined>> = process.env,
): (AsyncDisposable & { readonly lost: Promise<string> }) | null {
  const program = programOf(process.platform);
  if (!program) return null;
  const found = resolveExecutable(program.name, {
    pathVariable: env.PATH ?? "",
    homeFolder: homedir(),
  });
  if (found.kind !== "found") return null;
  const leaving = new AbortController();
  const { ended } = startOwnedProcess(found.file, program.args, {
    cwd: "/",
    env: Object.fromEntries(
      ENVIRONMENT.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    ),
    stdio: ["pipe", "ignore", "ignore"],
    timeoutMs: LONGEST_MS,
    signal: leaving.signal,
  });
  const lost = ended.then(
    ({ exit }) => `${program.name} ended with ${exit.signal ?? exit.code}`,
    (error: unknown) => `${program.name} could not be run: ${String(error)}`,
  );
  return {
    lost,
    async [Symbol.asyncDispose]() {
      leaving.abort(new Error("nothing works any more"));
      await lost;
    },
  };
}

function programOf(platform: NodeJS.Platform): Program | null {
  switch (platform) {
    case "linux":
      // The lock is held while `cat` runs, and that ends with the pipe it reads.
      return {
        name: "systemd-inhibit",
        args: [
          "--what=idle:sleep",
          "--who=Switchyard",
          "--why=Workers are working",
          "--mode=block",
          "cat",
        ],
      };
    case "darwin":
      return { name: "caffeinate", args: ["-i", "-w", String(process.pid)] };
    default:
      return null;
  }
}
