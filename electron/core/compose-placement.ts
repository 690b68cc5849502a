import type { PlanId, ProjectName } from "../../shared/model/ids.ts";
import type { Task } from "../../shared/model/task.ts";
import type { FleetParts } from "./compose-fleet.ts";
import { listDispatchClashes } from "./compose-forecast.ts";
import { composeBudgetHold } from "./compose-watchdog.ts";
import type { TaskRecord } from "./store/store.ts";
import { type AheadStep, lookAhead } from "./supervisor/look-ahead.ts";
import { type PlacementRules, Placer } from "./supervisor/placer.ts";

type PlacementParts = Pick<FleetParts, "store" | "settings" | "clock" | "workers">;

/** Where sessions go, by the settings in force at that moment. */
export function composePlacer(parts: PlacementParts): Placer {
  const { store, clock, settings, workers } = parts;
  const rulesOf = (name: ProjectName): PlacementRules => {
    const project = store.projects.find(name);
    const dispatch = (project && settings.of(project).dispatch) ?? {};
    // A worker can land a change of the repository's file: it can keep more for the person and not less.
    const own = settings.ofPerson().dispatch ?? {};
    const kept = (what: "slots" | "window-percent") =>
      Math.max(own.reserve?.[what] ?? 0, dispatch.reserve?.[what] ?? 0);
    const pools = Object.entries(dispatch.pools ?? {}).map(([pool, rule]) => ({
      name: pool,
      profiles: rule.profiles,
      labels: rule.labels ?? [],
      roles: rule.roles ?? [],
    }));
    return {
      pools,
      weights: dispatch.weights ?? {},
      reserve: { slots: kept("slots"), windowPercent: kept("window-percent") },
    };
  };
  const holdOfBudget = composeBudgetHold(parts);
  const holdOf = (task: TaskRecord) => {
    const hold = holdOfBudget(task);
    return { ...hold, reason: workers.holdOf(task) ?? hold.reason };
  };
  return new Placer({ store, clock, rulesOf, holdOf });
}

/** What would happen with the open tasks of a plan if it were active now. */
export function composeLookAhead(
  parts: Pick<FleetParts, "store" | "placer" | "hoursOf" | "settings" | "forecasts">,
  plan: PlanId,
): readonly AheadStep[] {
  const { store, placer, hoursOf } = parts;
  const { plans, projects, tasks, sessions } = store;
  const records = new Map(tasks.list().map((task) => [task.id, task]));
  const recordOf = ({ id }: Pick<Task, "id">): TaskRecord => {
    const record = records.get(id);
    if (!record) throw new Error(`${id} was looked ahead for and is gone`);
    return record;
  };
  return lookAhead({
    plan,
    projects: projects.list().map((each) => ({ ...each, hours: hoursOf(each.name) })),
    plans: plans.list(),
    tasks: [...records.values()],
    workers: sessions.list({ isLive: true }).filter(({ kind }) => kind === "worker"),
    clashes: listDispatchClashes(parts),
    candidates: placer.candidates(),
    place: (task, candidates, last) => placer.placeAmong(recordOf(task), candidates, last),
    findShut: (ready, candidates) => placer.findShut(ready.map(recordOf), candidates),
  });
}
