import type { Forecast } from "../../../shared/model/forecast.ts";
import type { ProjectName } from "../../../shared/model/ids.ts";

/** The newest forecast of each project, for whoever asks and whoever listens. None of it is kept: each core looks anew. */
export class LiveForecasts {
  readonly #forecasts = new Map<ProjectName, Forecast>();
  readonly #listeners = new Set<(forecast: Forecast) => void>();
  #look: ((project: ProjectName) => Promise<void>) | null = null;

  list(): readonly Forecast[] {
    return [...this.#forecasts.values()];
  }

  find(project: ProjectName): Forecast | undefined {
    return this.#forecasts.get(project);
  }

  /** As of now: changes of which no look has taken notice yet are looked at first. */
  async findFresh(project: ProjectName): Promise<Forecast | undefined> {
    await this.#look?.(project);
    return this.find(project);
  }

  /** Who looks where somebody wants to know what holds now. Returns the way to stop. */
  keptBy(look: (project: ProjectName) => Promise<void>): () => void {
    this.#look = look;
    return () => {
      this.#look = null;
    };
  }

  /** Told on only when it says something new. */
  set(forecast: Forecast): void {
    const before = this.#forecasts.get(forecast.project);
    this.#forecasts.set(forecast.project, forecast);
    if (before && wordOf(before) === wordOf(forecast)) return;
    for (const listener of this.#listeners) listener(forecast);
  }

  forget(project: ProjectName): void {
    this.#forecasts.delete(project);
  }

  /** Returns the way to stop. */
  onChange(listener: (forecast: Forecast) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

function wordOf({ at: _at, ...forecast }: Forecast): string {
  return JSON.stringify(forecast);
}
