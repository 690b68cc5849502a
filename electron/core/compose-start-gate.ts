import os from "node:os";
import type { FleetParts } from "./compose-fleet.ts";
import { readMachineRoom } from "./process/read-machine-room.ts";
import { StartGate } from "./supervisor/start-gate.ts";

/** Between two starts of one profile: its login is refreshed by whoever comes first, and two at once would revoke each other's. */
const GAP_MS = 1_000;
/** A session takes about 160 MB; this leaves as much again for what it runs. */
const FREE_MEMORY_MB = 400;

/** `hostPid`: null while there is no terminal host. */
export function composeStartGate(
  { store, clock, log, settings }: FleetParts,
  hostPid: () => number | null,
): StartGate {
  return new StartGate({
    store,
    clock,
    log,
    limits: () => {
      const starts = settings.person().starts ?? {};
      return {
        gapMs: GAP_MS,
        atOnce: os.availableParallelism(),
        freeMemoryMb: orNull(starts["free-memory-mb"] ?? FREE_MEMORY_MB),
        loadPerCore: orNull(starts["load-per-core"] ?? "off"),
      };
    },
    readRoom: () => readMachineRoom(hostPid()),
  });
}

function orNull(setting: number | "off"): number | null {
  return setting === "off" ? null : setting;
}
