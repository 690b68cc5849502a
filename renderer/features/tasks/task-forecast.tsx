import { tellClashes } from "../../../shared/model/forecast.ts";
import type { Task } from "../../../shared/model/task.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { PanelSection } from "../../ui/side-panel.tsx";
import { ShapeMark } from "../../ui/state-mark.tsx";

/** What the task's branch will conflict with as it is committed now; nothing when it will not. */
export function TaskForecast({ task }: { readonly task: Task }) {
  const forecast = useMirror((mirror) =>
    mirror.forecasts.find(({ project }) => project === task.project),
  );
  const clashes = tellClashes(forecast, task.id);
  if (clashes.length === 0) return null;
  return (
    <PanelSection title="Forecast">
      <ul className="flex flex-col gap-1">
        {clashes.map(({ text, problem }) => (
          <li key={text} className="flex items-start gap-2">
            <span className={problem === null ? "mt-1 text-bad" : "mt-1 text-warn"}>
              <ShapeMark shape={problem === null ? "cross" : "question"} />
            </span>
            <span className="min-w-0 break-words">{text}</span>
          </li>
        ))}
      </ul>
    </PanelSection>
  );
}
