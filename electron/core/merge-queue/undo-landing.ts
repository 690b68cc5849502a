import type { EntryId, ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { UNDONE, type UndoPlan } from "../../../shared/model/take-back.ts";
import { isOver } from "../../../shared/model/task.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Log } from "../base/log.ts";
import type { MoveOutcome } from "../git/move-target.ts";
import { healTarget, moveTargetBack } from "../git/move-target-back.ts";
import { branchesWith, firstParents } from "../git/read-history.ts";
import { openRepository, type Repository, readRef, writeRef } from "../git/repository.ts";
import type { EntryRecord, Landing, Store } from "../store/store.ts";
import { queueRef } from "./queue-ref.ts";

export interface UndoParts {
  readonly store: Store;
  readonly log: Log;
  /** Called inside the transaction that takes an entry's landing back. */
  readonly onUndone: (entry: EntryRecord, handback: string) => void;
}

interface Last {
  readonly landing: Landing;
  /** What it brought, in the order of landing. */
  readonly entries: readonly EntryRecord[];
}

/**
 * Undoes the last landing of a project: the target goes back to where it stood, as if it had not landed. Only while nothing came
 * after it and no remote has it; everything else is for a revert.
 *
 * The move in git comes first and the rows follow. A crash in between leaves a target that stands where it stood before the
 * last landing, and `settle` makes the rows true. So does a person's own `git reset` that goes exactly there.
 */
export class Undos {
  readonly #parts: UndoParts;

  constructor(parts: UndoParts) {
    this.#parts = parts;
  }

  /** Throws `wrong-state` where the last landing cannot be undone. */
  async plan(name: ProjectName): Promise<UndoPlan> {
    const { last, repo, project } = await this.#find(name);
    const { landing, entries } = last;
    const branches = await branchesWith(repo, landing.to);
    return {
      entries: entries.map(({ id }) => id),
      commit: landing.to,
      before: landing.from,
      target: project.target,
      holders: this.#holders(project, branches),
    };
  }

  /** Throws `wrong-state` or `dirty-checkout`, with nothing changed, where it cannot be done. */
  async undo(name: ProjectName, isAnyway: boolean): Promise<readonly EntryRecord[]> {
    const { holders } = await this.plan(name);
    if (holders.length > 0 && !isAnyway) {
      const named = holders.map(({ task, branch }) => `${task} (${branch})`).join(", ");
      throw new SwitchyardError(
        "wrong-state",
        `Work that is under way began on top of it, and would bring it back when it lands: ${named}.`,
        "Cancel that first, or go on: switchyard queue undo --anyway",
      );
    }
    const { last, repo, project } = await this.#find(name);
    const { id, from, to, entry } = last.landing;
    await writeRef(repo, queueRef(this.#parts.store, "undone", String(id)), to);
    const note = `switchyard undo ${entry}`;
    const move = { repo, target: project.target, from: to, to: from, note };
    // Also of a push that began meanwhile: the publisher writes it down where nobody moves the target.
    const refuse = () => this.#refusePushed(name, last.landing, null);
    const refusal = refusalOf(await moveTargetBack(move, refuse), project);
    if (refusal) throw refusal;
    this.#save(last, project, "person");
    const ids = last.entries.map((each) => each.id);
    return ids.flatMap((each) => this.#parts.store.entries.find(each) ?? []);
  }

  /** Mends what an earlier core left half done, and says of a landing that its target no longer holds that it was undone. */
  async settle(signal: AbortSignal): Promise<void> {
    const { store, log } = this.#parts;
    for (const project of store.projects.list()) {
      signal.throwIfAborted();
      if (store.landings.listDone(project.name).length === 0) continue;
      await this.#settle(project).catch((error: unknown) => {
        // A repository that is not there now is looked at again at the next start.
        log.warn({ error, project: project.name }, "the last landing could not be looked at");
      });
    }
  }

  async #settle(project: Project): Promise<void> {
    const repo = await openRepository(project.path);
    await healTarget({ repo, target: project.target });
    const last = await this.#last(repo, project);
    if (!last) return;
    const tip = await readRef(repo, `refs/heads/${project.target}`);
    if (tip === last.landing.from) this.#save(last, project, "recovery");
  }

  async #find(name: ProjectName) {
    const { store } = this.#parts;
    const project = store.projects.find(name);
    if (!project) throw new SwitchyardError("not-found", `There is no project ${name}.`);
    const { target } = project;
    const repo = await openRepository(project.path);
    const last = await this.#last(repo, project);
    this.#refuseMerged(project, last);
    if (!last) {
      throw new SwitchyardError(
        "wrong-state",
        `Nothing has landed on ${target} that could be undone.`,
      );
    }
    if (store.landings.listOpen().some((each) => each.project === name)) {
      const hint = "It is done in a moment; then look again.";
      throw new SwitchyardError(
        "wrong-state",
        `Something is landing on ${target} right now.`,
        hint,
      );
    }
    const { to, entry } = last.landing;
    const tip = await readRef(repo, `refs/heads/${target}`);
    if (tip !== to) {
      const now = tip?.slice(0, 12) ?? "gone";
      const what = `${target} has moved on since ${entry} landed: it is ${now} now.`;
      throw new SwitchyardError(
        "wrong-state",
        `${what} Only the last landing can be undone.`,
        revertHint(entry),
      );
    }
    const remote = (await branchesWith(repo, to)).find((each) => each.startsWith("refs/remotes/"));
    this.#refusePushed(name, last.landing, remote?.replace("refs/remotes/", "") ?? null);
    return { last, repo, project };
  }

  /** What was merged as a pull request is on a remote, and nothing of it was moved here. */
  #refuseMerged({ name, target }: Project, last: Last | null): void {
    const newest = this.#parts.store.entries
      .list({ project: name, isOpen: false })
      .find(({ state }) => state === "landed");
    const pull = newest?.pullRequest;
    if (!newest || pull?.merged == null || pull.target !== target) return;
    if (last?.entries.some(({ id }) => id === newest.id)) return;
    throw new SwitchyardError(
      "wrong-state",
      `${newest.id} landed last, as pull request #${pull.number} on ${pull.remote}: others may build on it.`,
      revertHint(newest.id),
    );
  }

  /** A push may be under way, or have gone to a remote of which git keeps no branches here. */
  #refusePushed(name: ProjectName, { to, entry }: Landing, remote: string | null): void {
    const push = this.#parts.store.projects.find(name)?.queue.push;
    const isPushed = [push?.pushed, push?.underWay].some((each) => each?.commit === to);
    if (remote === null && !isPushed) return;
    throw new SwitchyardError(
      "wrong-state",
      `${remote ?? push?.remote} has it already: others may build on it.`,
      revertHint(entry),
    );
  }

  /** The newest landing of which something is still there. */
  async #last(repo: Repository, { name, target }: Project): Promise<Last | null> {
    const { store } = this.#parts;
    const isLanded = (entry: EntryRecord | undefined) => entry?.state === "landed";
    const landing = store.landings
      .listDone(name)
      .filter((each) => each.target === target)
      .findLast((each) => isLanded(store.entries.find(each.entry)));
    if (!landing) return null;
    const commits = await firstParents(repo, landing.from, landing.to).catch(() => [landing.to]);
    const entries = store.entries
      .list({ project: name, isOpen: false })
      .filter((each) => isLanded(each) && commits.includes(each.candidate ?? ""));
    const placeOf = ({ candidate }: EntryRecord) => commits.indexOf(candidate ?? "");
    return { landing, entries: entries.sort((a, b) => placeOf(b) - placeOf(a)) };
  }

  /** The landing itself leaves the target, so the branch that brought it may well hold it. */
  #holders({ name }: Project, branches: readonly string[]): UndoPlan["holders"] {
    const known = new Set(branches);
    return this.#parts.store.tasks
      .list({ project: name })
      .flatMap(({ id, branch, status }) =>
        branch !== null && !isOver(status) && known.has(`refs/heads/${branch}`)
          ? [{ task: id, branch }]
          : [],
      );
  }

  #save({ landing, entries }: Last, { target }: Project, cause: string): void {
    const { store, onUndone } = this.#parts;
    store.write(cause, (record) => {
      for (const { id, task, project } of entries) {
        const entry = store.entries.find(id);
        if (entry?.state !== "landed") continue;
        // What comes of this work next is no hot fix before somebody says so.
        store.entries.update(id, { state: "removed", reason: UNDONE, hotfixAt: null });
        const { from, to } = landing;
        record("queue.undone", id, { task, project, from: to, to: from });
        onUndone({ ...entry, state: "removed", reason: UNDONE }, undoneHandback(target));
      }
    });
  }
}

function revertHint(entry: EntryId): string {
  return `Take it back by a commit of its own: switchyard queue revert ${entry}`;
}

function refusalOf(outcome: MoveOutcome, { target }: Project): SwitchyardError | null {
  switch (outcome.kind) {
    case "moved":
      return null;
    case "target-moved": {
      const what = `${target} was moved at this very moment.`;
      return new SwitchyardError("wrong-state", what, "Look again.");
    }
    case "held": {
      const { reason, files } = outcome;
      const named = files.length > 0 ? `: ${files.join(", ")}` : "";
      return new SwitchyardError(
        "dirty-checkout",
        `The checkout is in the way: ${reason}${named}.`,
        "Commit, stash or move them away, then try again; nothing was changed.",
      );
    }
    default:
      return unreachable(outcome);
  }
}

/** What a worker is told that goes on with work whose landing was undone. */
function undoneHandback(target: string): string {
  return [
    `Your work had landed on ${target}, and a person has undone that: ${target} stands where it stood before. Your branch still holds it all.`,
    "",
    "Ask what was wrong with it if nobody has told you, mend that in your worktree, commit, then call task_done again.",
  ].join("\n");
}
