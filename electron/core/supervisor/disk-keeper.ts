import { statfs } from "node:fs/promises";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { Repeat } from "../base/repeat.ts";
import type { Store } from "../store/store.ts";
import type { Keeper } from "./keeper.ts";
import { type DiskRoom, planDiskFloor } from "./plan-disk-floor.ts";

const LOOK_EVERY_MS = 15_000;

export interface DiskKeeperParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Folders whose disks must have room: ours, and the repositories'. */
  readonly places: () => readonly string[];
  readonly readRoom?: (place: string) => Promise<DiskRoom>;
  /** Called when work may go on. */
  readonly onRoom: () => void;
}

/** Looks at the disks, says when one is nearly full, and lets work go on when there is room again. Work that runs goes on. */
export class DiskKeeper implements Keeper {
  readonly #parts: DiskKeeperParts;
  readonly #repeat: Repeat;
  #reason: string | null = null;
  /** What the events say by now; on a full disk they cannot be told at once. */
  #isTold = false;

  constructor(parts: DiskKeeperParts) {
    this.#parts = parts;
    this.#repeat = new Repeat({
      clock: parts.clock,
      everyMs: LOOK_EVERY_MS,
      work: () => this.#weigh(),
      onError: (error) => parts.log.warn({ error }, "looking at the disks failed"),
    });
  }

  /** Why no work is started; null while there is room. */
  get reason(): string | null {
    return this.#reason;
  }

  run(): void {
    this.#repeat.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#repeat[Symbol.asyncDispose]();
  }

  /** Resolves when the look under way is over. */
  async settled(): Promise<void> {
    await this.#repeat.settled();
  }

  async #weigh(): Promise<void> {
    const { places, readRoom = readDiskRoom, onRoom } = this.#parts;
    const rooms: DiskRoom[] = [];
    for (const place of places()) {
      // A repository that is gone for now has no disk to look at.
      const room = await readRoom(place).catch(() => null);
      if (room) rooms.push(room);
    }
    const wasShut = this.#reason !== null;
    this.#reason = planDiskFloor(rooms, wasShut);
    if (wasShut && this.#reason === null) onRoom();
    this.#tell();
  }

  #tell(): void {
    const isShut = this.#reason !== null;
    if (isShut === this.#isTold) return;
    this.#parts.store.write("disk keeper", (record) =>
      record(isShut ? "disk.low" : "disk.roomy", "disk", {
        reason: this.#reason ?? "There is room again, so work goes on.",
      }),
    );
    this.#isTold = isShut;
  }
}

async function readDiskRoom(place: string): Promise<DiskRoom> {
  const found = await statfs(place);
  return {
    place,
    // `bavail`: what the person has, without what is set aside for root.
    freeBytes: found.bavail * found.bsize,
    totalBytes: found.blocks * found.bsize,
    freeInodes: found.ffree,
    totalInodes: found.files,
  };
}
