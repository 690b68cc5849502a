import path from "node:path";

/** A program that is started on Node, or on Electron's binary as Node. */
interface NodeProgram {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Programs {
  readonly hostProgram: NodeProgram & { readonly args: readonly string[] };
  readonly nodeProgram: NodeProgram;
  /** What a session's hooks and status line run, on `nodeProgram`. */
  readonly signalShim: string;
  /** What a worker's tool calls pass before they run. */
  readonly gateShim: string;
  /** The command line, on `nodeProgram`. */
  readonly cliProgram: string;
  readonly rendererDir: string;
}

/**
 * Where the built programs are, seen from any of them: they all stand in one folder, with the window beside it.
 *
 * @param bundleDir the folder of the running bundle
 */
export function locatePrograms(bundleDir: string): Programs {
  // Inside Electron its own binary is the only Node there is; this variable makes it one.
  const env: Record<string, string> = process.versions.electron
    ? { ELECTRON_RUN_AS_NODE: "1" }
    : {};
  const nodeProgram = { file: process.execPath, env };
  return {
    nodeProgram,
    hostProgram: { ...nodeProgram, args: [path.join(bundleDir, "host.cjs")] },
    signalShim: path.join(bundleDir, "signal-shim.cjs"),
    gateShim: path.join(bundleDir, "gate-shim.cjs"),
    cliProgram: path.join(bundleDir, "cli.cjs"),
    rendererDir: path.join(bundleDir, "../renderer"),
  };
}
