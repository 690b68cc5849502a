import { dirname, join } from "node:path";
import type { Check } from "../../../shared/model/check.ts";
import type { Oid, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { DataFolder } from "../base/data-folder.ts";
import { type NamedGround, nameGround, readGround } from "../git/followed-target.ts";
import { openPoolWorktree, type PoolWorktree, poolPath } from "../git/pool-worktree.ts";
import { openRepository, type Repository, resolveBranch } from "../git/repository.ts";
import { tidyPools } from "../git/tidy-pools.ts";
import type { EntryRecord, Store } from "../store/store.ts";

export interface QueuePlaceParts {
  readonly store: Store;
  readonly folder: Pick<DataFolder, "worktrees" | "logs">;
  /** The task's own acceptance checks, which are run on top of the project's. */
  readonly checksOf: (task: TaskId) => readonly Check[];
  /** Name of the remote at which a project's work is proposed instead of landed; null: it lands here. */
  readonly proposesTo: (project: Project) => string | null;
}

/** What a queue works with: the project's row, its repository, its pool worktree, its checks, its logs. */
export class QueuePlace {
  readonly #parts: QueuePlaceParts;
  /** By the path of the project's checkout: opening one costs four short git commands. */
  readonly #repositories = new Map<string, Repository>();

  constructor(parts: QueuePlaceParts) {
    this.#parts = parts;
  }

  project(name: ProjectName): Project {
    const found = this.#parts.store.projects.find(name);
    if (!found) throw new Error(`the project ${name} is gone`);
    return found;
  }

  /** A repository can be moved or replaced at any time: who begins something new looks again. */
  forget({ path }: Project): void {
    this.#repositories.delete(path);
  }

  async repository({ path }: Project): Promise<Repository> {
    const known = this.#repositories.get(path);
    if (known) return known;
    const repo = await openRepository(path);
    this.#repositories.set(path, repo);
    return repo;
  }

  proposesTo(project: Project): string | null {
    return this.#parts.proposesTo(project);
  }

  /** What candidates are put on; null where there is no such branch. */
  async ground(project: Project, signal?: AbortSignal): Promise<Oid | null> {
    const repo = await this.repository(project);
    return readGround(repo, project.target, this.proposesTo(project), signal);
  }

  /** … with its name. Throws `not-found` where there is no such branch. */
  async namedGround(project: Project, signal?: AbortSignal): Promise<NamedGround> {
    const repo = await this.repository(project);
    const { target } = project;
    const oid = (await this.ground(project, signal)) ?? (await resolveBranch(repo, target, signal));
    return this.nameGround(project, oid);
  }

  async nameGround(project: Project, oid: Oid): Promise<NamedGround> {
    const repo = await this.repository(project);
    return nameGround(repo, oid, project.target, this.proposesTo(project));
  }

  /** `lane`: runs that go on beside each other have one each; candidates are built in the first. */
  async pool(project: Project, at: Oid, signal: AbortSignal, lane = 1): Promise<PoolWorktree> {
    const repo = await this.repository(project);
    const path = poolPath(this.#parts.folder.worktrees, project.name, lane);
    return openPoolWorktree(repo, path, at, signal);
  }

  /** After a start: what gits of an earlier core left in its pool worktrees goes. */
  async tidyPools(project: Project): Promise<void> {
    const repo = await this.repository(project);
    await tidyPools(repo, dirname(poolPath(this.#parts.folder.worktrees, project.name)));
  }

  /** The project's checks and those of every task that lands with it; the same command once. */
  checks(project: Project, entries: readonly Pick<EntryRecord, "task">[]): readonly Check[] {
    const own = entries.flatMap(({ task }) => this.#parts.checksOf(task));
    const all = [...project.checks, ...own];
    return all.filter(({ run }, at) => all.findIndex((each) => each.run === run) === at);
  }

  /** Nothing says what must pass before this one lands, and nobody has said that nothing must. */
  lacksChecks(project: Project, entry: Pick<EntryRecord, "task">): boolean {
    return this.checks(project, [entry]).length === 0 && !project.withoutChecks;
  }

  logFile({ id, attempt }: Pick<EntryRecord, "id" | "attempt">): string {
    return join(this.#parts.folder.logs, "queue", `${id}-${attempt}.log`);
  }
}
