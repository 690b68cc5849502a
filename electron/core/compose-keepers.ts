import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { Repeat } from "./base/repeat.ts";
import type { FleetParts } from "./compose-fleet.ts";
import { composeForecast } from "./compose-forecast.ts";
import { composeHandoffKeeper } from "./compose-handoffs.ts";
import { composeLifeCycle } from "./compose-life-cycle.ts";
import { composeWakeKeeper } from "./compose-wake-keeper.ts";
import { composeWatchdog } from "./compose-watchdog.ts";
import { DailyBackups } from "./store/back-up-daily.ts";
import type { BuildLocks } from "./supervisor/build-locks.ts";
import type { Dispatcher } from "./supervisor/dispatcher.ts";
import type { TaskFinisher } from "./supervisor/finish-task.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import { UnansweredProbes } from "./supervisor/unanswered-probes.ts";
import { LivePeaks } from "./usage/live-peaks.ts";
import { pruneAsks } from "./worker/prune-asks.ts";
import type { Sessions } from "./worker/sessions.ts";

const PRUNE_EVERY_MS = 3_600_000;

export type KeeperParts = FleetParts & {
  readonly sessions: Sessions;
  readonly dispatcher: Dispatcher;
  readonly finisher: TaskFinisher;
  readonly host: () => Client<HostContract>;
  readonly locks: BuildLocks;
};

/** Everything that keeps watch while the fleet runs, in the order in which it is started. */
export function composeKeepers(parts: KeeperParts): readonly Keeper[] {
  return [
    new DailyBackups(parts),
    new LivePeaks(parts),
    ...parts.worktrees.keepers,
    new Repeat({
      clock: parts.clock,
      everyMs: PRUNE_EVERY_MS,
      work: () => pruneAsks(parts),
      onError: (error) => parts.log.warn({ error }, "old asks could not be deleted"),
    }),
    composeHandoffKeeper(parts),
    composeWatchdog(parts),
    composeForecast(parts),
    ...composeLifeCycle(parts),
    composeWakeKeeper(parts),
    new UnansweredProbes({
      ...parts,
      probe: ({ name }, signal) => parts.composed.profiles.recheck(name, signal),
    }),
  ];
}
