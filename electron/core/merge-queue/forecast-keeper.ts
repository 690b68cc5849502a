import { rm } from "node:fs/promises";
import type { Forecast, ForecastBranch } from "../../../shared/model/forecast.ts";
import type { EntryId, Oid, ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { readGround } from "../git/followed-target.ts";
import { forecastConflicts } from "../git/forecast-conflicts.ts";
import { ForecastMemory } from "../git/forecast-memory.ts";
import { readBranchTips } from "../git/read-branch-tips.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import type { Store } from "../store/store.ts";
import type { LiveForecasts } from "./live-forecasts.ts";
import {
  BRANCHES_MAX,
  emptyForecast,
  HAS_WORK,
  planEntryConflicts,
  planWatched,
  toClashes,
  type WatchedBranch,
} from "./plan-forecast.ts";

/** What comes at once, e.g. the hooks of one call, is one look; what a look that finds nothing new costs is one short git command. */
const SETTLE_MS = 3_000;
/** A commit of a person's on the target tells nobody. */
const LOOK_EVERY_MS = 20_000;

const OLD_GIT =
  "git here cannot merge without a checkout, so conflicts are not forecast; git 2.38 or newer can";

export interface ForecastParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly forecasts: LiveForecasts;
  /** Name of the remote at which a project's work is proposed instead of landed; null: it lands here. */
  readonly proposesTo: (project: Project) => string | null;
  /** A folder of ours, emptied at the start, for what git writes. */
  readonly scratch: string;
  /** How long changes are let settle before a look. */
  readonly settleMs?: number;
}

interface Watch {
  readonly path: string;
  readonly repo: Repository;
  readonly memory: ForecastMemory;
}

/**
 * Forecasts conflicts in each project while its branches are worked on and queued: after every change of a task, an entry or a
 * session, once they have settled, and now and then. One look at a time a project; what a look needs of git keeps nobody else waiting.
 */
export class ForecastKeeper implements AsyncDisposable {
  readonly #parts: ForecastParts;
  readonly #watches = new Map<ProjectName, Watch>();
  /** What the newest forecast of a project rests on. */
  readonly #seen = new Map<ProjectName, string>();
  readonly #looks = new Map<ProjectName, Promise<void>>();
  readonly #wanted = new Set<ProjectName>();
  /** Looks that let changes settle, each with the way to end that wait. */
  readonly #settling = new Map<ProjectName, AbortController>();
  /** Somebody waits for the next look, which lets nothing settle. */
  readonly #hurried = new Set<ProjectName>();
  /** Entries whose row names others that they will conflict with. */
  readonly #marked = new Map<ProjectName, Set<EntryId>>();
  readonly #listening = new DisposableStack();
  readonly #leaving = new AbortController();
  #emptied: Promise<void> = Promise.resolve();

  constructor(parts: ForecastParts) {
    this.#parts = parts;
  }

  run(): void {
    const { store, clock, log, forecasts, scratch } = this.#parts;
    this.#emptied = rm(scratch, { recursive: true, force: true }).catch((error: unknown) =>
      log.warn({ error }, "what an earlier forecast left could not be deleted"),
    );
    this.#listening.defer(
      store.onCommit(({ touched }) => {
        for (const project of touched.removedProjects) {
          this.#forget(project);
          this.#marked.delete(project);
          forecasts.forget(project);
        }
        const changed = new Set<ProjectName>(touched.projects);
        for (const id of touched.tasks) add(changed, store.tasks.find(id)?.project);
        for (const id of touched.entries) add(changed, store.entries.find(id)?.project);
        for (const id of touched.sessions) add(changed, store.sessions.find(id)?.project);
        for (const project of changed) this.#wake(project);
      }),
    );
    this.#listening.defer(forecasts.keptBy((project) => this.lookNow(project)));
    this.#listening.use(clock.every(LOOK_EVERY_MS, () => this.lookAgain()));
    this.lookAgain();
  }

  lookAgain(): void {
    for (const { name } of this.#parts.store.projects.list()) this.#wake(name);
  }

  /** Resolves after a look that took notice of all that is so now. */
  async lookNow(project: ProjectName): Promise<void> {
    const isReading = this.#looks.has(project) && !this.#settling.has(project);
    this.#hurried.add(project);
    this.#settling.get(project)?.abort();
    this.#wake(project);
    await this.#looks.get(project);
    // What was under way may have read before: the next one is.
    if (isReading) await this.#looks.get(project);
  }

  /** Resolves when no look is under way or due. */
  async settled(): Promise<void> {
    while (this.#looks.size > 0) await Promise.all(this.#looks.values());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening.dispose();
    this.#leaving.abort(new Error("the core is stopping"));
    await this.settled();
  }

  #wake(project: ProjectName): void {
    this.#wanted.add(project);
    if (this.#looks.has(project) || this.#leaving.signal.aborted) return;
    const looking = this.#lookOn(project)
      .catch((error: unknown) => {
        if (this.#leaving.signal.aborted) return;
        this.#parts.log.error({ error, project }, "conflicts could not be forecast");
      })
      .finally(() => {
        this.#looks.delete(project);
        if (this.#wanted.has(project)) this.#wake(project);
      });
    this.#looks.set(project, looking);
  }

  async #lookOn(name: ProjectName): Promise<void> {
    const { store, forecasts } = this.#parts;
    const { signal } = this.#leaving;
    await this.#emptied;
    // The first look waits for nothing: until then nobody is held back.
    if (forecasts.find(name) && !this.#hurried.has(name)) await this.#letSettle(name);
    signal.throwIfAborted();
    this.#wanted.delete(name);
    this.#hurried.delete(name);
    const project = store.projects.find(name);
    if (!project) return;
    const forecast = await this.#look(project).catch((error: unknown) => {
      signal.throwIfAborted();
      return this.#giveUp(project, error);
    });
    if (forecast === null || !store.projects.find(name)) return;
    this.#saveEntryConflicts(forecast);
    forecasts.set(forecast);
  }

  async #letSettle(name: ProjectName): Promise<void> {
    const { clock, settleMs = SETTLE_MS } = this.#parts;
    const hurry = new AbortController();
    this.#settling.set(name, hurry);
    const either = AbortSignal.any([this.#leaving.signal, hurry.signal]);
    // Ended early it goes on all the same, or ends with the keeper.
    await clock.wait(settleMs, either).catch(() => {});
    this.#settling.delete(name);
  }

  /** Null: nothing has changed since the last one. */
  async #look(project: Project): Promise<Forecast | null> {
    const { store, clock, scratch, proposesTo } = this.#parts;
    const { signal } = this.#leaving;
    const { name, path, target } = project;
    const all = planWatched({
      entries: store.entries.list({ project: name, isOpen: true }),
      tasks: store.tasks.list({ project: name, status: HAS_WORK }),
    });
    const watched = all.slice(0, BRANCHES_MAX);
    const at = clock.now().toISOString();
    if (watched.length === 0) return this.#note(name, "", () => emptyForecast(project, null, at));

    const { repo, memory } = await this.#watch(project);
    const names = watched.map(({ branch }) => branch);
    const tips = await readBranchTips(repo, names, signal);
    // As candidates stand: what others brought to the target is no branch's own work, though it is not here yet.
    const tip = await readGround(repo, target, proposesTo(project), signal);
    if (tip === null)
      return emptyForecast(project, `${path} has no branch ${target} to land on`, at);
    const branches = watched.flatMap((each) => withHead(each, tips));
    const stand = JSON.stringify([path, target, tip, branches, all.length]);
    if (this.#seen.get(name) === stand) return null;
    const heads = [...new Set(branches.map(({ head }) => head))];
    const found = await forecastConflicts({ repo, target: tip, heads, scratch, memory, signal });
    const base = { project: name, target, at, branches };
    if (found.kind === "limited")
      return this.#note(name, stand, () => ({
        ...base,
        scope: "limited",
        reason: OLD_GIT,
        clashes: [],
      }));
    const left = all.length - watched.length;
    return this.#note(name, stand, () => ({
      ...base,
      scope: left > 0 ? "limited" : "full",
      reason: left > 0 ? `the newest ${left} of ${all.length} branches are left out` : null,
      clashes: [...toClashes(branches, found)],
    }));
  }

  #note(project: ProjectName, stand: string, forecast: () => Forecast): Forecast | null {
    if (this.#seen.get(project) === stand) return null;
    this.#seen.set(project, stand);
    return forecast();
  }

  async #watch({ name, path }: Project): Promise<Watch> {
    const known = this.#watches.get(name);
    if (known?.path === path) return known;
    const repo = await openRepository(path, this.#leaving.signal);
    const watch = { path, repo, memory: new ForecastMemory() };
    this.#watches.set(name, watch);
    return watch;
  }

  /** Until the next look; told once, however long it lasts. */
  #giveUp(project: Project, error: unknown): Forecast {
    const { log, forecasts } = this.#parts;
    this.#forget(project.name);
    const reason = error instanceof Error ? error.message : String(error);
    const isNews = forecasts.find(project.name)?.reason !== reason;
    if (isNews && !(error instanceof SwitchyardError))
      log.warn({ error, project: project.name }, "conflicts could not be forecast");
    return emptyForecast(project, reason);
  }

  #forget(project: ProjectName): void {
    this.#watches.delete(project);
    this.#seen.delete(project);
  }

  #saveEntryConflicts(forecast: Forecast): void {
    const { store } = this.#parts;
    const conflicts = planEntryConflicts(forecast);
    const marked = this.#marked.get(forecast.project) ?? this.#findMarked(forecast.project);
    const changed = [...new Set([...conflicts.keys(), ...marked])].flatMap((id) => {
      const before = store.entries.find(id)?.conflictsWith;
      const conflictsWith = conflicts.get(id) ?? [];
      return before === undefined || before.join() === conflictsWith.join()
        ? []
        : [{ id, conflictsWith: [...conflictsWith] }];
    });
    this.#marked.set(forecast.project, new Set(conflicts.keys()));
    if (changed.length === 0) return;
    store.write("forecast", () => {
      for (const { id, conflictsWith } of changed) store.entries.update(id, { conflictsWith });
    });
  }

  /** By an earlier core. */
  #findMarked(project: ProjectName): ReadonlySet<EntryId> {
    const all = this.#parts.store.entries.list({ project });
    return new Set(all.flatMap(({ id, conflictsWith }) => (conflictsWith.length > 0 ? [id] : [])));
  }
}

function withHead(
  { task, entry, branch, queuedHead }: WatchedBranch,
  tips: ReadonlyMap<string, Oid>,
): readonly ForecastBranch[] {
  const head = queuedHead ?? tips.get(branch);
  return head === undefined ? [] : [{ task, entry, branch, head }];
}

function add<T>(set: Set<T>, value: T | null | undefined): void {
  if (value !== null && value !== undefined) set.add(value);
}
