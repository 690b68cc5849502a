import path from "node:path";
import type { Project } from "../../shared/model/project.ts";
import { pullRequestRemoteOf } from "../../shared/model/settings.ts";
import type { FleetParts } from "./compose-fleet.ts";
import type { KeeperParts } from "./compose-keepers.ts";
import { ForecastKeeper } from "./merge-queue/forecast-keeper.ts";
import { listOwnClashes } from "./merge-queue/plan-forecast.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import type { DispatchClash } from "./task/plan-dispatch.ts";

/** What forecasts conflicts; work that was held back for one goes out when it is gone. */
export function composeForecast(parts: KeeperParts): Keeper {
  const { dispatcher, forecasts, folder, settings } = parts;
  forecasts.onChange(() => dispatcher.wake());
  const proposesTo = (project: Project) => pullRequestRemoteOf(settings.of(project));
  return new ForecastKeeper({ ...parts, proposesTo, scratch: path.join(folder.run, "forecast") });
}

/** Tasks that are to wait for each other because their branches will conflict. */
export function listDispatchClashes({
  store,
  settings,
  forecasts,
}: Pick<FleetParts, "store" | "settings" | "forecasts">): readonly DispatchClash[] {
  return forecasts.list().flatMap(({ project: name, clashes }) => {
    const project = clashes.length > 0 ? store.projects.find(name) : undefined;
    if (!project || settings.of(project).dispatch?.["hold-conflicts"] === "off") return [];
    return listOwnClashes(clashes);
  });
}
