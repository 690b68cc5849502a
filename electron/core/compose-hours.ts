import { describeMoment } from "../../shared/model/describe-moment.ts";
import type { ProjectName } from "../../shared/model/ids.ts";
import type { Settings } from "../../shared/model/settings.ts";
import { type Hours, strictestHoursAt } from "./base/working-hours.ts";
import type { FleetParts } from "./compose-fleet.ts";
import type { DispatchHours } from "./task/plan-dispatch.ts";

type HoursParts = Pick<FleetParts, "store" | "clock" | "log"> & {
  readonly settings: Pick<FleetParts["settings"], "of" | "ofPerson">;
};

type Dispatch = Settings["dispatch"];

/** Work goes on where hours cannot be read: they are a wish, and whoever asks is in the middle of handing out tasks. */
const ALWAYS: Hours = { workers: null, essential: [], until: null, zone: "" };

/** Reading cron lines for every task that is looked at would be dear: they hold until they say that they change. */
interface Kept {
  readonly settings: string;
  readonly fromMs: number;
  readonly hours: Hours;
  readonly told: DispatchHours;
}

/** What working hours allow a project, by the settings in force at that moment. */
export function composeHours({ store, settings, clock, log }: HoursParts) {
  const kept = new Map<ProjectName, Kept>();
  const read = (project: ProjectName, dispatch: Dispatch, own: Dispatch, now: Date): Hours => {
    try {
      return strictestHoursAt(dispatch, own, now);
    } catch (error) {
      log.error({ error, project }, "working hours cannot be read, so there are none");
      return ALWAYS;
    }
  };
  return (name: ProjectName): DispatchHours => {
    const project = store.projects.find(name);
    const dispatch = project && settings.of(project).dispatch;
    // A worker can land a change of the repository's file: it can say fewer hours than the person's and not more.
    const own = settings.ofPerson().dispatch;
    const said = JSON.stringify([dispatch, own].map(hoursSaid));
    const now = clock.now();
    const known = kept.get(name);
    if (known?.settings === said && isWithin(known, now.getTime())) return known.told;
    const hours = read(name, dispatch, own, now);
    const { workers, essential, until, zone } = hours;
    const told = { workers, essential, until: until && describeMoment(until, zone) };
    kept.set(name, { settings: said, fromMs: now.getTime(), hours, told });
    return told;
  };
}

function hoursSaid(dispatch: Dispatch) {
  return [dispatch?.hours, dispatch?.essential, dispatch?.["time-zone"]];
}

/** A clock that was set back is before the moment at which it was looked at. */
function isWithin({ fromMs, hours }: Kept, nowMs: number): boolean {
  return nowMs >= fromMs && (hours.until === null || nowMs < Date.parse(hours.until));
}
