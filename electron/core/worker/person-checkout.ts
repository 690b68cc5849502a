import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Output, Parsed } from "../../../shared/contract/rpc.ts";
import type { Oid, ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { laneAt } from "../git/lane-at.ts";
import type { WorktreeLook } from "../git/look-at-worktree.ts";
import {
  commitChanges,
  readCarried,
  readPersonChanges,
  readSettled,
  saveCarried,
  stashChanges,
  writeSettled,
} from "../git/person-changes.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import type { Store } from "../store/store.ts";

/** Names beyond these are only counted. */
const NAMES_MAX = 500;

export type Changes = Output<AppContract, "project.changes">;
export type Settling = Omit<Parsed<AppContract, "project.settle-changes">, "project">;

export interface PersonCheckoutParts {
  readonly store: Store;
  /** What the settings say of the person's changes: ask about them, always carry them into new worktrees, or never. */
  readonly includeChanges: (project: Project) => "ask" | "always" | "never";
}

/**
 * The person's own checkout and what is not committed there, which no new worktree has by itself.
 *
 * Invariant: its HEAD, index, stash and files change only when the person chose `commit` or `stash`.
 */
export class PersonCheckout {
  readonly #parts: PersonCheckoutParts;
  readonly #announced = new Map<ProjectName, string>();

  constructor(parts: PersonCheckoutParts) {
    this.#parts = parts;
  }

  /** The changes that somebody has yet to choose for. */
  async read(project: Project): Promise<Changes> {
    const include = this.#parts.includeChanges(project);
    if (include !== "ask")
      return { files: [], count: 0, settled: include === "always" ? "carry" : "leave" };
    const repo = await openRepository(project.path);
    return laneAt(repo.root).run(async () => {
      const look = await readPersonChanges(repo);
      const settled = look.files.length === 0 ? null : await readSettled(repo);
      if (settled?.fingerprint === look.fingerprint)
        return { files: [], count: 0, settled: settled.choice };
      return { ...namesOf(look), settled: null };
    });
  }

  /** Does with the changes as they are now what the person chose. Nothing is done where there are none. */
  async settle(project: Project, { choice, message }: Settling): Promise<Changes> {
    const repo = await openRepository(project.path);
    await laneAt(repo.root).run(async () => {
      const look = await readPersonChanges(repo);
      if (look.files.length === 0) {
        await writeSettled(repo, null);
        return;
      }
      await this.#carryOut(repo, project, look, choice, message);
      this.#parts.store.write("person", (record) =>
        record("project.changes-settled", project.name, { choice, count: look.files.length }),
      );
    });
    return this.read(project);
  }

  /**
   * The commit that holds the changes a new worktree is to begin with; null for none. Changes that nobody has chosen for are
   * announced, and the worktree goes without them.
   */
  async changesForNew(project: Project): Promise<Oid | null> {
    const include = this.#parts.includeChanges(project);
    if (include === "never") return null;
    const repo = await openRepository(project.path);
    return laneAt(repo.root).run(async () => {
      const look = await readPersonChanges(repo);
      const settled = await readSettled(repo);
      if (look.files.length === 0) {
        // Committed or undone since: a choice was for what is no longer there.
        if (settled) await writeSettled(repo, null);
        return null;
      }
      if (include === "always") return saveCarried(repo);
      if (settled?.fingerprint !== look.fingerprint) this.#announce(project, look);
      return settled?.choice === "carry" ? readCarried(repo) : null;
    });
  }

  async #carryOut(
    repo: Repository,
    project: Project,
    { fingerprint }: WorktreeLook,
    choice: Settling["choice"],
    message: string | undefined,
  ): Promise<void> {
    switch (choice) {
      case "commit":
        await commitChanges(repo, project.target, message ?? "Work in progress");
        return writeSettled(repo, null);
      case "stash":
        await stashChanges(repo, message ?? "Put aside before work began");
        return writeSettled(repo, null);
      case "carry":
        await saveCarried(repo);
        return writeSettled(repo, { choice, fingerprint });
      case "leave":
        await writeSettled(repo, null);
        return writeSettled(repo, { choice, fingerprint });
      default:
        return unreachable(choice);
    }
  }

  /** Once for each state of the checkout, however many worktrees are made meanwhile. */
  #announce(project: Project, look: WorktreeLook): void {
    if (this.#announced.get(project.name) === look.fingerprint) return;
    this.#announced.set(project.name, look.fingerprint);
    const { files, count } = namesOf(look);
    this.#parts.store.write("dispatcher", (record) =>
      record("project.changes-left-out", project.name, {
        reason: `Your checkout has ${count} uncommitted ${count === 1 ? "change" : "changes"}, which new worktrees do not have: ${files.slice(0, 5).join(", ")}`,
        files: files.slice(0, 50),
        count,
      }),
    );
  }
}

function namesOf({ files }: WorktreeLook): { files: string[]; count: number } {
  return { files: files.slice(0, NAMES_MAX).map(({ path }) => path), count: files.length };
}
