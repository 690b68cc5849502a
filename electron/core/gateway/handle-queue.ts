import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import type { EntryId } from "../../../shared/model/ids.ts";
import { isOpen } from "../../../shared/model/queue-entry.ts";
import { PAUSED_BY_PERSON } from "../../../shared/model/queue-pause.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Publisher } from "../merge-queue/publisher.ts";
import type { MergeQueue } from "../merge-queue/queue-runner.ts";
import { readEntryChange } from "../merge-queue/read-entry-diff.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import type { TaskSteps } from "../supervisor/task-steps.ts";
import { findProject } from "./find-project.ts";
import { queueAgain } from "./queue-again.ts";

export interface QueueParts {
  readonly store: Store;
  readonly steps: TaskSteps;
  readonly queue: () => MergeQueue;
  readonly publisher: () => Publisher;
}

type QueueCalls =
  | "queue.list"
  | "queue.show"
  | "queue.diff"
  | "queue.change"
  | "queue.log"
  | "queue.approve"
  | "queue.return"
  | "queue.hold"
  | "queue.release"
  | "queue.retry"
  | "queue.remove"
  | "queue.move"
  | "queue.resolve"
  | "queue.conflict"
  | "queue.draft-resolution"
  | "queue.use-resolution"
  | "queue.revert-plan"
  | "queue.revert"
  | "queue.undo-plan"
  | "queue.undo"
  | "queue.rebuild"
  | "queue.push"
  | "queue.freeze"
  | "queue.unfreeze"
  | "queue.hotfix"
  | "queue.pause"
  | "queue.resume";

export function handleQueue({
  store,
  steps,
  queue,
  publisher,
}: QueueParts): Pick<Handlers<AppContract>, QueueCalls> {
  const after = (id: EntryId) => requireEntry(store, id);
  const act = async (id: EntryId, work: (queue: MergeQueue) => void | Promise<void>) => {
    requireEntry(store, id);
    await work(queue());
    return after(id);
  };
  return {
    "queue.list": ({ project, isWithClosed }) => [
      ...store.entries.list({
        ...(project === undefined ? {} : { project: findProject(store, project).name }),
        ...(isWithClosed ? {} : { isOpen: true }),
      }),
    ],
    "queue.show": ({ entry }) => requireEntry(store, entry),
    "queue.diff": ({ entry }) => {
      requireEntry(store, entry);
      return queue().diff(entry);
    },
    "queue.change": ({ entry: id }) => {
      const entry = requireEntry(store, id);
      return readEntryChange(findProject(store, entry.project), entry);
    },
    "queue.log": ({ entry, from }) => {
      requireEntry(store, entry);
      return queue().log(entry, from);
    },
    "queue.approve": ({ entry }) => act(entry, (live) => live.approve(entry)),
    "queue.return": ({ entry, note, comments = [] }) =>
      act(entry, (live) => live.returnToWorker(entry, note.trim(), comments)),
    "queue.hold": ({ entry }) => act(entry, (live) => live.hold(entry)),
    "queue.release": ({ entry }) => act(entry, (live) => live.release(entry)),
    "queue.retry": ({ entry }) =>
      isOpen(requireEntry(store, entry).state)
        ? act(entry, (live) => live.retry(entry))
        : queueAgain({ store, steps, queue }, entry),
    "queue.remove": ({ entry }) =>
      act(entry, (live) =>
        store.write("person", () => {
          live.remove(entry);
          steps.apply(requireEntry(store, entry).task, { kind: "taken-out" }, "person");
        }),
      ),
    "queue.move": ({ entry, position }) => act(entry, (live) => live.move(entry, position)),
    "queue.resolve": async ({ entry, act: what }) => {
      requireEntry(store, entry);
      const { hands } = queue().conflicts;
      if (what === "open") {
        const { folder, files } = await hands.open(entry);
        return { entry: requireEntry(store, entry), folder, files: [...files] };
      }
      if (what === "take") {
        return { entry: await hands.take(entry), folder: null, files: [] };
      }
      await hands.giveUp(entry);
      return { entry: requireEntry(store, entry), folder: null, files: [] };
    },
    "queue.conflict": ({ entry }) => queue().conflicts.chosen.view(entry),
    "queue.draft-resolution": async ({ entry, draft }) => {
      await queue().conflicts.chosen.keepDraft(entry, draft);
      return null;
    },
    "queue.use-resolution": ({ entry, base, draft }) =>
      queue().conflicts.chosen.use(entry, base, draft),
    "queue.revert-plan": ({ entry }) => queue().reverts.plan(entry),
    "queue.revert": ({ entry, isAnyway }) => queue().reverts.revert(entry, isAnyway ?? false),
    "queue.rebuild": ({ project }) => queue().rebuilds.rebuild(findProject(store, project).name),
    "queue.undo-plan": ({ project }) => queue().undos.plan(findProject(store, project).name),
    "queue.undo": async ({ project, isAnyway }) => [
      ...(await queue().undos.undo(findProject(store, project).name, isAnyway ?? false)),
    ],
    "queue.push": async ({ project: ref }) => {
      const { name } = findProject(store, ref);
      // What is proposed is asked after; where everything is, nothing is pushed.
      if (!(await queue().proposals.lookNow(name))) await publisher().pushNow(name);
      return findProject(store, name);
    },
    "queue.freeze": ({ project: ref, until }) => {
      const { name } = findProject(store, ref);
      queue().gate.freeze(name, until);
      return findProject(store, name);
    },
    "queue.unfreeze": ({ project: ref }) => {
      const { name } = findProject(store, ref);
      queue().gate.unfreeze(name);
      return findProject(store, name);
    },
    "queue.hotfix": ({ entry, isOn }) => act(entry, (live) => live.hotfix(entry, isOn)),
    "queue.pause": async ({ project: ref }) => {
      const project = findProject(store, ref);
      await queue().pause(project.name, PAUSED_BY_PERSON);
      return findProject(store, project.name);
    },
    "queue.resume": async ({ project: ref }) => {
      const project = findProject(store, ref);
      await queue().resume(project.name);
      return findProject(store, project.name);
    },
  };
}

function requireEntry(store: Store, id: EntryId): EntryRecord {
  const entry = store.entries.find(id);
  if (!entry)
    throw new SwitchyardError(
      "not-found",
      `There is no queue entry ${id}.`,
      "See: switchyard queue list",
    );
  return entry;
}
