import { type AppContract, appContract } from "../../shared/contract/app-contract.ts";
import { type Client, createClient } from "../../shared/contract/rpc.ts";
import { createWirePair, type Wire } from "../../shared/contract/wire.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { dataFolder, verifySocketFolder } from "../core/base/data-folder.ts";
import { connectSocket } from "../core/base/socket-wire.ts";
import type { Need, OpenCore } from "./surroundings.ts";

/** A core that runs inside this process for one command. */
export interface OfflineCore {
  connect(wire: Wire): void;
  dispose(): Promise<void>;
}

/** Two commands at once take turns with the store; each needs it for a fraction of a second. */
const TURN_LIMIT_MS = 10_000;
const TURN_PAUSE_MS = 100;
/** A core answers this within milliseconds, but its machine may be busy. */
const ANSWER_LIMIT_MS = 10_000;

/**
 * Connects to the running core of the data folder. When there is none and the store is enough, opens the store in this process.
 * A socket on which nobody answers is left from a core that died, and counts as none.
 */
export async function openCore(
  home: string,
  need: Need,
  startOffline: () => Promise<OfflineCore>,
  answerMs = ANSWER_LIMIT_MS,
): Promise<OpenCore> {
  for (const startedAt = performance.now(); ; ) {
    const running = await connectRunning(home, answerMs);
    if (running === "closed") {
      if (performance.now() - startedAt > TURN_LIMIT_MS) throw refusesAll(home);
      // It ends at this moment, or cannot take another connection: neither tells when that is over.
      await new Promise((resolve) => setTimeout(resolve, TURN_PAUSE_MS));
      continue;
    }
    if (running) return { ...running, isApp: true };
    if (need === "app") {
      throw new SwitchyardError(
        "needs-app",
        "Switchyard is not running, and this needs it.",
        "Start it with: switchyard serve",
      );
    }
    try {
      return { ...(await openOffline(startOffline)), isApp: false };
    } catch (error) {
      const isTaken = error instanceof SwitchyardError && error.code === "data-folder-busy";
      if (!isTaken || performance.now() - startedAt > TURN_LIMIT_MS) throw error;
      // Another command has the store, or an app is starting: neither tells when it is done.
      await new Promise((resolve) => setTimeout(resolve, TURN_PAUSE_MS));
    }
  }
}

type Connection = AsyncDisposable & { readonly client: Client<AppContract> };

/** `closed`: it takes connections and answers on none. */
async function connectRunning(
  home: string,
  answerMs: number,
): Promise<Connection | "closed" | null> {
  const folder = dataFolder(home);
  verifySocketFolder(folder);
  try {
    const client = createClient(appContract, await connectSocket(folder.coreSocket));
    if ((await greet(client, answerMs, home)) === "closed") return "closed";
    return { client, [Symbol.asyncDispose]: async () => client.close() };
  } catch (error) {
    if (error instanceof SwitchyardError && error.code === "needs-app") return null;
    throw error;
  }
}

/** A connection can wait for ever in the system's hands: nobody may be there to take it. Throws `timeout`. */
async function greet(
  client: Client<AppContract>,
  answerMs: number,
  home: string,
): Promise<"met" | "closed"> {
  const timer = Promise.withResolvers<"late">();
  const timeout = setTimeout(() => timer.resolve("late"), answerMs);
  const answer = client.call("app.info", {}).then(
    () => "met" as const,
    (error: unknown) => {
      if (error instanceof SwitchyardError && error.code === "needs-app") return "closed" as const;
      throw error;
    },
  );
  try {
    const met = await Promise.race([answer, timer.promise]);
    if (met !== "late") return met;
    client.close();
    throw new SwitchyardError(
      "timeout",
      `Switchyard runs and has not answered for ${Math.round(answerMs / 1000)} s: it may be busy, be stopped, or have as many files open as it may.`,
      wayOut(home),
    );
  } finally {
    clearTimeout(timeout);
  }
}

function refusesAll(home: string): SwitchyardError {
  return new SwitchyardError(
    "failed",
    "Switchyard runs and closes each connection at once: it may have as many files open as it may.",
    wayOut(home),
  );
}

function wayOut(home: string): string {
  return `Raise its limit (ulimit -n 4096) and start it again; its log is in ${dataFolder(home).logs}.`;
}

async function openOffline(startOffline: () => Promise<OfflineCore>): Promise<Connection> {
  const core = await startOffline();
  const [ours, theirs] = createWirePair();
  core.connect(theirs);
  const client = createClient(appContract, ours);
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await core.dispose();
    },
  };
}
