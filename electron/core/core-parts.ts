import type { ProjectName } from "../../shared/model/ids.ts";
import type { Clock } from "./base/clock.ts";
import type { DataFolder } from "./base/data-folder.ts";
import type { Log } from "./base/log.ts";
import type { composeProfiles } from "./compose-profiles.ts";
import type { composeWorkerSettings } from "./compose-worker-settings.ts";
import type { Worktrees } from "./compose-worktrees.ts";
import type { LiveHealth } from "./gateway/live-health.ts";
import type { LiveForecasts } from "./merge-queue/live-forecasts.ts";
import type { NodeCommand } from "./provider/claude/write-session-files.ts";
import type { Store } from "./store/store.ts";
import type { Placer } from "./supervisor/placer.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";
import type { TaskSteps } from "./supervisor/task-steps.ts";
import type { DispatchHours } from "./task/plan-dispatch.ts";
import type { WatchedSessions } from "./terminal/watched-sessions.ts";

/** What the fleet and the calls of the contract are both made from. */
export interface CoreParts {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: TaskSteps;
  readonly settings: SettingsFiles;
  readonly composed: ReturnType<typeof composeProfiles>;
  readonly workers: ReturnType<typeof composeWorkerSettings>;
  readonly worktrees: Worktrees;
  readonly placer: Placer;
  readonly hoursOf: (project: ProjectName) => DispatchHours;
  readonly health: LiveHealth;
  readonly watched: WatchedSessions;
  readonly forecasts: LiveForecasts;
  readonly node: NodeCommand;
  readonly shim: string;
  readonly gateShim: string;
  readonly signal: AbortSignal;
}
