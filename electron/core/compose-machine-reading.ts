import { availableParallelism } from "node:os";
import { BUILD_LOCK, type BuildLock } from "../../shared/model/build-lock.ts";
import type { Project } from "../../shared/model/project.ts";
import type { Settings } from "../../shared/model/settings.ts";
import type { ParallelRunsParts } from "./merge-queue/parallel-runs.ts";
import { readMachineRoom } from "./process/read-machine-room.ts";
import { readPower } from "./process/read-power.ts";

/** `settings`: all that can give the build lock its slots. */
export function composeMachineReading(parts: {
  readonly settings: () => readonly Settings[];
  readonly locks: () => readonly BuildLock[];
}): ParallelRunsParts["readMachine"] {
  return async (project, signal) => {
    const { loadPerCore, freeMemoryMb } = readMachineRoom(null);
    return {
      cores: availableParallelism(),
      loadPerCore,
      freeMemoryMb,
      power: await readPower(signal),
      slots: slotsTold(BUILD_LOCK, parts.settings()),
      slotsHeld: countHeld(parts.locks(), project),
    };
  };
}

/** The smallest number that any of them gives; null where none does. */
export function slotsTold(lock: string, files: readonly Settings[]): number | null {
  const told = files.flatMap(({ locks }) => locks?.[lock]?.slots ?? []);
  return told.length > 0 ? Math.min(...told) : null;
}

/** Build slots that are in the way of this project's checks: all but those that they hold themselves. */
export function countHeld(locks: readonly BuildLock[], { name }: Pick<Project, "name">): number {
  const holders = locks.find((lock) => lock.name === BUILD_LOCK)?.holders ?? [];
  return holders.filter(({ rank, project }) => rank !== "check" || project !== name).length;
}
