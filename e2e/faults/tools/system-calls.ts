import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** Null where strace can change what a running process gets from the system, else why not. */
export function whyNoInjection(): string | null {
  if (process.platform !== "linux") return "system calls are changed by strace, which needs Linux";
  try {
    execFileSync("strace", ["-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true"], {
      stdio: "pipe",
    });
    return null;
  } catch (error) {
    return `strace cannot be used here: ${String(error).split("\n")[0]}`;
  }
}

/** From now until disposal these calls of the process and its threads give this error, e.g. `fsync,fdatasync` and `EIO`. */
export async function injectError(
  pid: number,
  calls: string,
  error: string,
): Promise<AsyncDisposable> {
  const inject = `inject=${calls}:error=${error}`;
  const args = ["-f", "-p", String(pid), "-o", "/dev/null", "-e", `trace=${calls}`, "-e", inject];
  const strace = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(strace, "close");
  // It says on which threads it is.
  await Promise.race([once(strace.stderr, "data"), ended]);
  return {
    async [Symbol.asyncDispose]() {
      strace.kill("SIGINT");
      await ended;
    },
  };
}
