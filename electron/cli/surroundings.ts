import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";

/** What a command asks of: the store alone, or the app that acts on it. */
export type Need = "store" | "app";

/** A core to talk to: the running one, or one in this process that only knows the store. */
export interface OpenCore extends AsyncDisposable {
  readonly client: Client<AppContract>;
  readonly isApp: boolean;
}

export interface ServeOptions {
  readonly home: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly isOpening: boolean;
  readonly isDetached: boolean;
  readonly isJson: boolean;
}

/** The person's own terminal, while a session's is shown in it. */
export interface LocalTerminal {
  readonly cols: number;
  readonly rows: number;
  /** Sends every key as it is pressed, until `signal` is aborted. */
  readKeys(listener: (keys: Uint8Array) => void, signal: AbortSignal): void;
  onResize(listener: () => void, signal: AbortSignal): void;
}

/** How a command of the person's ended. `problem`: it could not be started, and why. */
export interface AttachedEnd {
  /** As a shell tells it: 128 and the number of the signal that ended it; 126, 127 when it could not be started. */
  readonly exitCode: number;
  readonly problem: string | null;
}

/** Everything outside the command line that it touches; tests give it their own. */
export interface Surroundings {
  /** Absolute, symlinks resolved. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Answers once the reader has taken it in. */
  print(output: string | Uint8Array): Promise<void>;
  complain(text: string): void;
  /** Whether a person reads standard output as it is written, on a terminal of their own. */
  readonly isScreen: boolean;
  /** Null when standard input or output is no terminal. */
  readonly terminal: LocalTerminal | null;
  readFile(path: string): Promise<string>;
  openCore(home: string, need: Need): Promise<OpenCore>;
  /** Runs a program on this process's own input, output and terminal; signals for this process reach it. */
  runAttached(
    command: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<AttachedEnd>;
  /** Runs the web shell in this process; answers with the exit code. */
  serve(options: ServeOptions): Promise<number>;
}
