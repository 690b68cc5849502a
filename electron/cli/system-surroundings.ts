import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { runAttached } from "../core/process/run-attached.ts";
import { type OfflineCore, openCore } from "./open-core.ts";
import type { LocalTerminal, ServeOptions, Surroundings } from "./surroundings.ts";

/** The web shell's bundle, which stands beside this one. */
interface ServeBundle {
  serve(options: ServeOptions): Promise<number>;
}

/** The real ones: this process's streams, files and terminal. */
export function createSystemSurroundings(
  startOffline: (home: string) => Promise<OfflineCore>,
): Surroundings {
  return {
    cwd: realpathSync(process.cwd()),
    env: process.env,
    isScreen: process.stdout.isTTY === true,
    terminal: findTerminal(),
    print: (output) =>
      new Promise((resolve, reject) =>
        process.stdout.write(output, (error) => (error ? reject(error) : resolve())),
      ),
    complain: (text) => void process.stderr.write(text),
    // What is no text is refused: read in a lenient way it would be changed without a word.
    readFile: async (file) =>
      new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file)),
    runAttached: (command, env) => runAttached(command, env),
    openCore: (home, need) => openCore(home, need, () => startOffline(home)),
    serve(options) {
      // Loaded only when asked for: other commands need neither the web server nor its half second.
      const bundle = createRequire(import.meta.filename)("./serve.cjs") as ServeBundle;
      return bundle.serve(options);
    },
  };
}

function findTerminal(): LocalTerminal | null {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return null;
  return {
    get cols() {
      return stdout.columns;
    },
    get rows() {
      return stdout.rows;
    },
    readKeys(listener, signal) {
      stdin.setRawMode(true);
      stdin.resume();
      stdin.on("data", listener);
      const stop = () => {
        stdin.off("data", listener);
        stdin.setRawMode(false);
        stdin.pause();
      };
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    },
    onResize(listener, signal) {
      stdout.on("resize", listener);
      signal.addEventListener("abort", () => stdout.off("resize", listener), { once: true });
    },
  };
}
