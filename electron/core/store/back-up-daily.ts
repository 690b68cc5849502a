import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { DataFolder } from "../base/data-folder.ts";
import type { Log } from "../base/log.ts";
import { Repeat } from "../base/repeat.ts";
import { type KnownBackup, planBackups } from "./plan-backups.ts";
import type { Store } from "./store.ts";

const LOOK_EVERY_MS = 5 * 60_000;
/** Like `switchyard-2026-11-21T09-00-00-000Z-417.db`: when it was made, and the newest event it holds. */
const NAME = /^switchyard-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-(\d+)\.db$/;
/** One that a kill cut short: as large as the store, and no backup. */
const UNFINISHED = /^switchyard-[\dTZ-]+\.db\.\d+\.tmp(-journal|-wal|-shm)?$/;

export interface DailyBackupsParts {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly log: Log;
}

/** Backs the store up while it is in use, once an hour when it changed, and lets old backups go. Others in the folder stay. */
export class DailyBackups {
  readonly #parts: DailyBackupsParts;
  readonly #repeat: Repeat;

  constructor(parts: DailyBackupsParts) {
    this.#parts = parts;
    this.#repeat = new Repeat({
      clock: parts.clock,
      everyMs: LOOK_EVERY_MS,
      work: () => this.#backUp(),
      onError: (error) => parts.log.error({ error }, "the store was not backed up"),
    });
  }

  run(): void {
    this.#repeat.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#repeat[Symbol.asyncDispose]();
  }

  /** Resolves when the backup under way, if there is one, is made. */
  async settled(): Promise<void> {
    await this.#repeat.settled();
  }

  async #backUp(): Promise<void> {
    const { store, folder, clock } = this.#parts;
    for (const name of readdirSync(folder.backups))
      if (UNFINISHED.test(name)) rmSync(join(folder.backups, name), { force: true });
    const now = clock.now();
    const seq = store.events.lastSeq();
    const backups = listBackups(folder.backups);
    if (!planBackups({ nowMs: now.getTime(), seq, backups }).isDue) return;
    const stamp = now.toISOString().replace(/[:.]/g, "-");
    const file = join(folder.backups, `switchyard-${stamp}-${seq}.db`);
    await store.backup(file);
    const after = [...backups, { name: basename(file), atMs: now.getTime(), seq }];
    for (const name of planBackups({ nowMs: now.getTime(), seq, backups: after }).remove)
      rmSync(join(folder.backups, name), { force: true });
  }
}

function listBackups(folder: string): readonly KnownBackup[] {
  return readdirSync(folder).flatMap((name) => {
    const [, day, hours, minutes, seconds, ms, seq] = NAME.exec(name) ?? [];
    const atMs = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
    return seq === undefined ? [] : [{ name, atMs, seq: Number(seq) }];
  });
}
