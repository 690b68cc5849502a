import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { writeFileDurably } from "../base/write-file-durably.ts";

/** A program that is started on Node, or on Electron's binary as Node. */
export interface NodeProgram {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The command line, for programs that run in sessions: whether or not the person has installed it. */
export interface OwnPrograms {
  /** For the PATH; nothing else is in it. */
  readonly folder: string;
  readonly switchyard: string;
  /** Runs the command that follows in a build slot. */
  readonly lock: string;
}

export function ownPrograms(folder: string): OwnPrograms {
  const at = (name: string) => path.join(folder, name);
  return { folder, switchyard: at("switchyard"), lock: at("switchyard-lock") };
}

/** Written anew by each core: the app and its Node may be elsewhere after an update. */
export function writeOwnPrograms(
  { folder, switchyard, lock }: OwnPrograms,
  home: string,
  node: NodeProgram,
  cli: string,
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const env = Object.entries({ SWITCHYARD_HOME: home, ...node.env })
    .map(([name, value]) => `${name}=${shellWord(value)}`)
    .join(" ");
  const run = `exec env ${env} ${shellWord(node.file)} ${shellWord(cli)}`;
  for (const [file, args] of [
    [switchyard, ""],
    [lock, " lock --"],
  ] as const) {
    writeFileDurably(file, `#!/bin/sh\n${run}${args} "$@"\n`, { mode: 0o700 });
    // The umask may have taken the run bit.
    chmodSync(file, 0o700);
  }
}

/** One word for a POSIX shell, in quotes only where it needs them. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
