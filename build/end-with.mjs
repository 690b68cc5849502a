/**
 * Hands this process's stop signals on to `child`, and waits for its end.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export async function endWith(child) {
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  const passOn = signals.map((signal) => ({ signal, listener: () => child.kill(signal) }));
  for (const { signal, listener } of passOn) process.on(signal, listener);
  try {
    return await new Promise((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode ?? 1);
      child.once("error", reject);
      child.once("exit", (code) => resolve(code ?? 1));
    });
  } finally {
    for (const { signal, listener } of passOn) process.off(signal, listener);
  }
}
