import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

/**
 * Starts a process that outlives this one: a session of its own, nothing inherited, its output appended to `outputFile`.
 * Throws when the file cannot be run.
 */
export async function startDetached(
  file: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly outputFile: string },
): Promise<void> {
  const output = openSync(options.outputFile, "a", 0o600);
  try {
    const child = spawn(file, [...args], {
      detached: true,
      // Not the folder this process happens to be in: that could never be unmounted.
      cwd: "/",
      env: { ...options.env },
      stdio: ["ignore", output, output],
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
  } finally {
    closeSync(output);
  }
}
