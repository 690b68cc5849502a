import path from "node:path";
import type { FleetParts } from "./compose-fleet.ts";
import type { KeeperParts } from "./compose-keepers.ts";
import { ForecastKeeper } from "./merge-queue/forecast-keeper.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import type { DispatchClash } from "./task/plan-dispatch.ts";

/** What forecasts conflicts; work that was held back for one goes out when it is gone. */
export function composeForecast(parts: KeeperParts): Keeper {
  const { dispatcher, forecasts, folder } = parts;
  forecasts.onChange(() => dispatcher.wake());
  return new ForecastKeeper({ ...parts, scratch: path.join(folder.run, "forecast") });
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
    return clashes.flatMap(({ one, other, problem, files, count }) =>
      other === null || problem !== null ? [] : [{ one, other, files, count }],
    );
  });
}
