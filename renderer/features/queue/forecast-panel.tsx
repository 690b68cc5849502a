import type { Forecast } from "../../../shared/model/forecast.ts";
import type { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { formatCount } from "../../ui/format-amount.ts";
import type { Look } from "../../ui/state-mark.tsx";
import { FoldPanel } from "./fold-panel.tsx";
import { ForecastMatrix } from "./forecast-matrix.tsx";
import { toggleForecast, useForecastView } from "./forecast-view-store.ts";

/** What will conflict if everything lands as it is now: a line, and the matrix below it when it is opened. */
export function ForecastPanel({
  project,
  onOpenTask,
}: {
  readonly project: ProjectName;
  readonly onOpenTask: (task: TaskId) => void;
}) {
  const forecast = useMirror((mirror) => mirror.forecasts.find((each) => each.project === project));
  const isShown = useForecastView((view) => view.isShown);
  return (
    <FoldPanel
      label="Forecast"
      look={lookOf(forecast)}
      note={describeScope(forecast)}
      isShown={isShown}
      onToggle={toggleForecast}
      heightMax="max-h-[55%]"
    >
      {forecast && forecast.branches.length > 0 ? (
        <ForecastMatrix forecast={forecast} onOpenTask={onOpenTask} />
      ) : (
        <p className="max-w-3xl px-9 pt-2 pb-3 text-muted">
          As soon as two branches hold commits, each is merged with the target and with the others
          on trial, out of everybody's sight. What would conflict shows here while there is time to
          land one first.
        </p>
      )}
    </FoldPanel>
  );
}

function lookOf(forecast: Forecast | undefined): Look {
  if (!forecast) return { word: "Not forecast yet", tone: "quiet", shape: "clock" };
  if (forecast.scope === "none") return { word: "Not forecast", tone: "warn", shape: "question" };
  const conflicts = forecast.clashes.filter(({ problem }) => problem === null).length;
  if (conflicts > 0)
    return {
      word: `${formatCount(conflicts, "conflict", "conflicts")} to come`,
      tone: "bad",
      shape: "cross",
    };
  if (forecast.branches.length === 0)
    return { word: "Nothing to forecast", tone: "quiet", shape: "ring" };
  return { word: "No conflict to come", tone: "good", shape: "check" };
}

function describeScope(forecast: Forecast | undefined): string {
  if (!forecast) return "";
  const { branches, target, reason } = forecast;
  if (reason !== null) return reason;
  if (branches.length === 0) return "No branch holds commits yet";
  return `${formatCount(branches.length, "branch", "branches")} against ${target} and each other, as committed now`;
}
