import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { isLive } from "../../shared/model/session.ts";
import type { DataFolder } from "./base/data-folder.ts";
import { linesOfLog, type SearchPlaces } from "./gateway/search/search-sessions.ts";
import { transcriptFile } from "./provider/claude/read-last-messages.ts";
import type { SessionRecord, Store } from "./store/store.ts";

/** As much as a terminal keeps of what it has shown. */
const SCREEN_LINES = 5_000;
/** What is read of the end of a log whose terminal is gone. */
const LOG_END_BYTES = 2 << 20;

export interface SearchPlaceParts {
  readonly store: Store;
  readonly folder: DataFolder;
  /** Null where nothing runs. */
  readonly host: () => Client<HostContract> | null;
}

/** Where what sessions showed and said is kept. */
export function composeSearchPlaces({ store, folder, host }: SearchPlaceParts): SearchPlaces {
  return {
    recordOf: (session) => {
      const dir = store.profiles.find(session.profile)?.dir ?? null;
      const file = transcriptFile(dir, session.cwd, session.providerSession);
      return existsSync(file) ? file : null;
    },
    readScreen: async (session) => {
      const fromLog = () => readLogEnd(path.join(folder.sessionDir(session.id), "output.log"));
      return (await readShown(session, host())) ?? fromLog();
    },
  };
}

async function readShown(
  { id, state, pid }: SessionRecord,
  host: Client<HostContract> | null,
): Promise<readonly string[] | null> {
  if (!host || !isLive(state) || pid === null) return null;
  try {
    return (await host.call("text", { session: id, lines: SCREEN_LINES })).lines;
  } catch {
    // It ended a moment ago, or its host does not answer: its log has what it showed.
    return null;
  }
}

async function readLogEnd(file: string): Promise<readonly string[]> {
  const log = await open(file, "r").catch(() => null);
  if (!log) return [];
  await using _ = log;
  const { size } = await log.stat();
  const bytes = Buffer.alloc(Math.min(size, LOG_END_BYTES));
  const { bytesRead } = await log.read(bytes, 0, bytes.length, size - bytes.length);
  return linesOfLog(bytes.toString("utf8", 0, bytesRead));
}
