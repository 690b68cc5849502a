import type { EntryId, Oid, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { isOpen } from "../../../shared/model/queue-entry.ts";
import type { Rebuilt } from "../../../shared/model/rebuilt.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Log } from "../base/log.ts";
import { readLandings } from "../git/read-landings.ts";
import { listRefs, openRepository, type Repository, readRef } from "../git/repository.ts";
import type { NewTask, Store } from "../store/store.ts";
import type { EntrySteps } from "./entry-steps.ts";
import { findLostWork, type LostWork } from "./find-lost-work.ts";
import { type FoundLanding, findLandings, groupLandings } from "./plan-rebuild.ts";

export interface RebuildParts {
  readonly store: Store;
  readonly steps: EntrySteps;
  readonly log: Log;
}

/** What a new task says of work that was found without the store that knew it. */
const LOST = "the store that knew its task is lost; retry the task to go on with it, or cancel it";

/**
 * Takes over from a target's history what the store does not know: an older copy of it was put back, or it is lost. What landed is in
 * the last lines of the commits that landed, so nothing of it lands twice. Done again it changes nothing.
 */
export class Rebuild {
  readonly #parts: RebuildParts;

  constructor(parts: RebuildParts) {
    this.#parts = parts;
  }

  /** What this very store landed and has forgotten. One that cannot be looked at is looked at again at the next start. */
  async settle(signal: AbortSignal): Promise<void> {
    for (const project of this.#parts.store.projects.list()) {
      signal.throwIfAborted();
      await this.#takeUp(project, signal);
    }
  }

  async #takeUp(project: Project, signal: AbortSignal): Promise<void> {
    const { store, log } = this.#parts;
    try {
      const { repo, landings } = await this.#read(project, store.identity, signal);
      if (landings.some(({ entry }) => store.entries.find(entry)?.state !== "landed"))
        await this.#restore(project, repo, landings);
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ error, project: project.name }, "the target's history could not be compared");
    }
  }

  /** What any store landed here, and the work that waited in its queue: for a person whose store is lost. */
  async rebuild(name: ProjectName): Promise<Rebuilt> {
    const { store } = this.#parts;
    const project = store.projects.find(name);
    if (!project) throw new SwitchyardError("not-found", `There is no project ${name}.`);
    const { repo, tip, landings } = await this.#read(project, null);
    const { landed, skipped } = await this.#restore(project, repo, landings);
    const lost = await findLostWork(repo, store.identity, tip, landings);
    const waiting = this.#adopt(project, lost);
    const kept = lost.filter(({ task }) => task === null || !waiting.includes(task));
    return { landed, skipped, waiting, kept: kept.map(({ ref }) => ref) };
  }

  /** `only`: the store whose landings are looked for. */
  async #read({ path, target }: Project, only: string | null, signal?: AbortSignal) {
    const repo = await openRepository(path, signal);
    const tip = await readRef(repo, `refs/heads/${target}`, signal);
    const commits = tip === null ? [] : await readLandings(repo, tip, signal);
    const asked = commits.filter(({ store }) => only === null || store === only);
    return { repo, tip, landings: findLandings(asked) };
  }

  async #restore(project: Project, repo: Repository, landings: readonly FoundLanding[]) {
    const { store } = this.#parts;
    const heads = await this.#readHeads(repo, landings);
    const stood = await readStood(repo);
    const groups = groupLandings(landings, stood);
    return store.write("rebuild", (record) => {
      const outcomes = landings.map(
        (each) => [each, this.#restoreOne(project, each, heads)] as const,
      );
      const landed = outcomes.filter(([, outcome]) => outcome === "restored").map(([each]) => each);
      const fresh = new Set(landed);
      for (const all of groups) {
        if (!all.every((each) => fresh.has(each))) continue;
        const last = all.at(-1) ?? all[0];
        const move = { project: project.name, target: project.target, from: all[0].from };
        const entries = all.map(({ entry }) => entry);
        const { id } = store.landings.insert({ ...move, to: last.to, entry: last.entry, entries });
        store.landings.settle(id, "done");
      }
      const skipped = outcomes.filter(([, outcome]) => outcome === "skipped").length;
      if (landed.length > 0) record("queue.rebuilt", project.name, { landed: landed.length });
      return { landed: landed.map(({ entry }) => entry), skipped };
    });
  }

  /** `skipped`: its number is that of something else by now. */
  #restoreOne(
    { name }: Project,
    landing: FoundLanding,
    heads: ReadonlyMap<EntryId, Oid>,
  ): "restored" | "known" | "skipped" {
    const { store, steps } = this.#parts;
    const { entry: id, task: taskId, attempt, from, to, tree, at } = landing;
    const known = store.entries.find(id);
    const task = store.tasks.find(taskId);
    const isOurs = landing.store === store.identity;
    if (known) {
      const isSame = known.project === name && known.task === taskId;
      if (isSame && known.state === "landed") return "known";
      if (!isSame || !isOurs || !isOpen(known.state)) return "skipped";
    } else {
      // A number of another store is that of another task here.
      if (task && (task.project !== name || !isOurs)) return "skipped";
      if (!task) store.tasks.insert(foundTask(name, landing.title, "queued", null), taskId);
      else store.tasks.update(taskId, { status: "queued", reason: null });
      const branch = task?.branch ?? `switchyard/${taskId}`;
      const head = landing.merged ?? heads.get(id) ?? to;
      const entry = { project: name, task: taskId, branch, head, attempt, priority: 3 };
      store.entries.insert({ ...entry, summary: null }, id);
    }
    steps.apply(id, { kind: "found", base: from, candidate: to, tree }, "rebuild");
    store.entries.update(id, { since: at });
    store.tasks.update(taskId, { landed: { commit: to, at } });
    return "restored";
  }

  /** What was queued, where a store that gave this number still keeps it. */
  async #readHeads(repo: Repository, landings: readonly FoundLanding[]) {
    const heads = new Map<EntryId, Oid>();
    for (const { store, entry, attempt, merged } of landings) {
      if (merged !== null || store === "" || this.#parts.store.entries.find(entry)) continue;
      const head = await readRef(repo, `refs/switchyard/work/${store}/${entry}/${attempt}`);
      if (head !== null) heads.set(entry, head);
    }
    return heads;
  }

  /** Whose queue it was in cannot be asked any more, nor why it was there: a person says what becomes of it. */
  #adopt({ name }: Project, lost: readonly LostWork[]): readonly TaskId[] {
    const { store } = this.#parts;
    const waiting: TaskId[] = [];
    for (const { task, branch, title } of lost) {
      if (task === null || branch === null || store.tasks.find(task)) continue;
      store.write("rebuild", (record) => {
        store.tasks.insert(foundTask(name, title, "needs-input", LOST), task);
        store.tasks.update(task, { branch, attempts: 1 });
        record("task.created", task, { title, project: name });
      });
      waiting.push(task);
    }
    return waiting;
  }
}

/** Where targets of this repository stood before a landing, whichever store wrote that down. */
async function readStood(repo: Repository): Promise<ReadonlySet<Oid>> {
  const stood = new Set<Oid>();
  for (const ref of await listRefs(repo, "refs/switchyard/undo/")) {
    const oid = await readRef(repo, ref);
    if (oid !== null) stood.add(oid);
  }
  return stood;
}

function foundTask(
  project: ProjectName,
  title: string,
  status: NewTask["status"],
  reason: string | null,
): NewTask {
  const plain = { plan: null, body: "", priority: 3, after: [], labels: [], paths: [] };
  const open = { pinnedProfile: null, model: null, acceptance: [] };
  return { project, title: title || "Work that was found", status, reason, ...plain, ...open };
}
