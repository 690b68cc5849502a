import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { DataFolder } from "../base/data-folder.ts";
import { HostConnection, type HostListeners } from "./host-connection.ts";

/** From its start to its first answer a host takes 0.2 s here; a loaded laptop gets fifty times that. */
const START_MS = 10_000;
const LOOK_EVERY_MS = 20;
/** Sessions get an environment of their own, so the host itself needs hardly any. */
const ENVIRONMENT = ["PATH", "HOME", "LANG", "TZ"];

/** How the terminal host is run: on Node, or in the desktop shell on Electron's own binary as Node. */
export interface HostEntry {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface HostPlace {
  readonly clock: Clock;
  readonly folder: DataFolder;
  readonly hostEntry: HostEntry;
  readonly startProcess: (
    file: string,
    args: readonly string[],
    options: { readonly env: Readonly<Record<string, string>>; readonly outputFile: string },
  ) => Promise<void>;
}

/**
 * Connects to the terminal host of a data folder, and starts it, detached, when none answers. A host of an older build that speaks
 * the same protocol is kept: its sessions are worth more than its version.
 */
export async function ensureHost(
  place: HostPlace,
  listeners: HostListeners,
  signal: AbortSignal,
): Promise<HostConnection> {
  const open = () => openIfRunning(place, listeners, signal);
  const running = await open();
  if (running) return running;

  const { file, args, env } = place.hostEntry;
  mkdirSync(place.folder.logs, { recursive: true });
  await place.startProcess(file, [...args, "--home", place.folder.home], {
    env: { ...ownEnvironment(), ...env },
    outputFile: join(place.folder.logs, "host-output.log"),
  });
  const endMs = performance.now() + START_MS;
  while (performance.now() < endMs) {
    const started = await open();
    if (started) return started;
    // A detached process tells nothing but by answering.
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new SwitchyardError(
    "timeout",
    `The terminal host did not answer within ${START_MS / 1000} s.`,
    `What it had to say is in ${place.folder.logs}.`,
  );
}

async function openIfRunning(
  { folder, clock }: HostPlace,
  listeners: HostListeners,
  signal: AbortSignal,
): Promise<HostConnection | null> {
  try {
    return await HostConnection.open({ folder, clock }, listeners, signal);
  } catch (error) {
    if (error instanceof SwitchyardError && error.code === "needs-app") return null;
    throw error;
  }
}

function ownEnvironment(): Record<string, string> {
  const given = Object.entries(process.env).filter(
    (variable): variable is [string, string] =>
      ENVIRONMENT.includes(variable[0]) && variable[1] !== undefined,
  );
  return Object.fromEntries(given);
}
