import { systemClock } from "../../../electron/core/base/clock.ts";
import { silentLog } from "../../../electron/core/base/log.ts";
import { runGit } from "../../../electron/core/git/run-git.ts";
import { Publisher } from "../../../electron/core/merge-queue/publisher.ts";
import { openQueue, untilEntry } from "../../../electron/core/merge-queue/queue-fixture.ts";
import { type EntryId, ProjectName } from "../../../shared/model/ids.ts";
import type { Scenario } from "./queue-scenarios.ts";

export const APP = ProjectName.parse("app");

/** A store, a merge queue and what pushes, on the data folder `home` beside the repository `repo`. */
export interface QueueWorld extends AsyncDisposable {
  readonly root: string;
  readonly store: ReturnType<typeof openQueue>["store"];
  readonly queue: ReturnType<typeof openQueue>["queue"];
}

export function openWorld(folder: string, scenario: Pick<Scenario, "pushes">): QueueWorld {
  const { store, queue } = openQueue(`${folder}/home`);
  const remoteOf = () => (scenario.pushes ? "origin" : null);
  const publisher = new Publisher({ store, clock: systemClock, log: silentLog, remoteOf });
  if (scenario.pushes) publisher.run();
  return {
    root: `${folder}/repo`,
    store,
    queue,
    async [Symbol.asyncDispose]() {
      await publisher[Symbol.asyncDispose]();
      await queue.dispose();
      store.close();
    },
  };
}

/** Rejects where the queue pauses itself, which no scenario means to happen. */
export async function until(
  { store }: Pick<QueueWorld, "store">,
  id: EntryId,
  isMet: Parameters<typeof untilEntry>[2],
): ReturnType<typeof untilEntry> {
  const entry = await untilEntry(store, id, (each) => isMet(each) || isPaused(store));
  if (isMet(entry)) return entry;
  throw new Error(`the queue paused: ${store.projects.find(APP)?.queue.reason}`);
}

function isPaused(store: QueueWorld["store"]): boolean {
  return store.projects.find(APP)?.queue.state === "paused";
}

/** What git says, without the line end. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  return (await runGit(cwd, args, { timeoutMs: 60_000 })).stdout.replace(/\n$/, "");
}
