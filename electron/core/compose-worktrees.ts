import path from "node:path";
import { isLive } from "../../shared/model/session.ts";
import { pullRequestRemoteOf } from "../../shared/model/settings.ts";
import type { Clock } from "./base/clock.ts";
import type { DataFolder } from "./base/data-folder.ts";
import type { Log } from "./base/log.ts";
import { Repeat } from "./base/repeat.ts";
import { runSetUp } from "./process/run-set-up.ts";
import { buildEnvironment } from "./process/session-environment.ts";
import type { Store } from "./store/store.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";
import { CHECKPOINT_MINUTES, Checkpoints } from "./worker/checkpoints.ts";
import { MovedPlaces } from "./worker/moved-places.ts";
import { PersonCheckout } from "./worker/person-checkout.ts";
import { KEEP_HOURS } from "./worker/plan-removals.ts";
import { pruneLogs } from "./worker/prune-logs.ts";
import { Removals } from "./worker/removals.ts";
import { whileLive } from "./worker/while-live.ts";
import { Workplaces } from "./worker/workplace.ts";
import { WorktreeKeeper } from "./worker/worktree-keeper.ts";

const PRUNE_EVERY_MS = 3_600_000;

export interface Worktrees {
  readonly checkpoints: Checkpoints;
  readonly removals: Removals;
  readonly personCheckout: PersonCheckout;
  readonly movedPlaces: MovedPlaces;
  readonly workplaces: Workplaces;
  readonly keepers: readonly Keeper[];
  /** Carries on what an earlier core began to remove. */
  settle(): Promise<void>;
}

/** What makes worktrees, keeps what is in them, and takes them away. */
export function composeWorktrees(parts: {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: SettingsFiles;
  readonly signal: AbortSignal;
}): Worktrees {
  const { store, folder, clock, log, settings, signal } = parts;
  const checkpoints = new Checkpoints({
    store,
    clock,
    log,
    minutesOf: (project) =>
      settings.of(project).worktrees?.["checkpoint-minutes"] ?? CHECKPOINT_MINUTES,
  });
  const removals = new Removals({ store, root: folder.worktrees });
  const personCheckout = new PersonCheckout({
    store,
    includeChanges: (project) => settings.of(project).worktrees?.["include-changes"] ?? "ask",
  });
  const workplaces = new Workplaces({
    log,
    storeName: store.identity,
    removals,
    checkpoints,
    personCheckout,
    settingsOf: (project) => {
      const { copy = [], link = [], setup = null } = settings.of(project).worktrees ?? {};
      return { copy, link, setup, mergedAt: pullRequestRemoteOf(settings.of(project)) };
    },
    noteWait: ({ id }, reason) => {
      // One that ended meanwhile keeps the reason of its end.
      if (!isLive(store.sessions.find(id)?.state ?? "ended")) return;
      store.write("dispatcher", (record) => {
        store.sessions.update(id, { reason });
        record("session.waits", id, { reason });
      });
    },
    runSetup: async (command, session, task) => {
      using life = whileLive(store, session.id);
      return await runSetUp(command, {
        cwd: session.cwd,
        env: buildEnvironment({
          person: process.env,
          additions: {
            // As checks are marked: one that a killed core left running is ended by the next.
            SWITCHYARD_CHECK: folder.home,
            SWITCHYARD_TASK: task.id,
            SWITCHYARD_PROJECT: task.project,
          },
        }),
        logFile: path.join(folder.sessionDir(session.id), "setup.log"),
        signal: AbortSignal.any([life.signal, signal]),
      });
    },
  });
  const worktreeKeeper = new WorktreeKeeper({
    store,
    clock,
    log,
    removals,
    keepHoursOf: (project) => settings.of(project).worktrees?.["keep-hours"] ?? KEEP_HOURS,
  });
  return {
    checkpoints,
    removals,
    personCheckout,
    movedPlaces: new MovedPlaces({ store, root: folder.worktrees }),
    workplaces,
    keepers: [
      checkpoints,
      worktreeKeeper,
      new Repeat({
        clock,
        everyMs: PRUNE_EVERY_MS,
        work: () => pruneLogs({ store, clock, folderOf: folder.sessionDir }),
        onError: (error) => log.warn({ error }, "old logs could not be deleted"),
      }),
    ],
    settle: () =>
      removals.settle((task, error) =>
        log.warn({ error, task }, "a removal that was cut short could not be carried on"),
      ),
  };
}
