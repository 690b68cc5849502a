import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import type { LiveForecasts } from "../merge-queue/live-forecasts.ts";
import { emptyForecast } from "../merge-queue/plan-forecast.ts";
import type { Store } from "../store/store.ts";
import { findProject } from "./find-project.ts";

export interface ForecastCallParts {
  readonly store: Store;
  readonly forecasts: LiveForecasts;
  /** Why there is none before the first look. */
  readonly whyNone: () => string;
}

export function handleForecast({
  store,
  forecasts,
  whyNone,
}: ForecastCallParts): Pick<Handlers<AppContract>, "queue.forecast"> {
  return {
    "queue.forecast": async ({ project: ref }) => {
      const project = findProject(store, ref);
      return (await forecasts.findFresh(project.name)) ?? emptyForecast(project, whyNone());
    },
  };
}
