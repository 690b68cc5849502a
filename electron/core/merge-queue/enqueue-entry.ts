import type { EntryId } from "../../../shared/model/ids.ts";
import { whyNotMove } from "../../../shared/model/plan-move.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { EntryRecord, NewEntry, Store } from "../store/store.ts";
import { findCycle } from "../task/find-cycle.ts";
import { listWaitedFor } from "./read-queue.ts";

/**
 * Writes down a new entry, of which no other is open any more. Work that follows on a hot fix of the same task, which was superseded
 * or sent back, is one too. Throws `cycle` where the task waits for itself: it could never land.
 */
export function insertEntry(store: Store, input: NewEntry): EntryRecord {
  const afterOf = (id: EntryRecord["task"]) => store.tasks.find(id)?.after ?? [];
  const cycle = findCycle(input.task, afterOf(input.task), afterOf);
  if (cycle)
    throw new SwitchyardError(
      "cycle",
      `It could never land: ${cycle.join(" waits for ")}.`,
      `Leave one of these dependencies out: switchyard task edit ${input.task} --after …`,
    );
  const [last] = store.entries.list({ task: input.task });
  const hotfixAt = last?.state === "landed" ? null : (last?.hotfixAt ?? null);
  return store.write("queue", (record) => {
    const entry = store.entries.insert(input);
    if (hotfixAt !== null) store.entries.update(entry.id, { hotfixAt });
    const { task, project, branch, head } = entry;
    record("queue.queued", entry.id, { task, project, branch, head });
    return { ...entry, hotfixAt };
  });
}

/**
 * To a 1-based place among the open entries of its project. Throws `bad-input` where there is no such place, `wrong-state` where a
 * dependency forbids it.
 */
export function moveEntry(store: Store, { id, project }: EntryRecord, position: number): void {
  store.write("person", (record) => {
    const open = store.entries.list({ project, isOpen: true });
    refuseOutside(open, id, position);
    const why = whyNotMove(open, (task) => store.tasks.find(task)?.after ?? [], id, position);
    if (why) throw new SwitchyardError("wrong-state", why);
    store.entries.move(id, position);
    record("queue.move", id, { position });
  });
}

function refuseOutside(open: readonly EntryRecord[], id: EntryId, position: number): void {
  const isOpen = open.some((entry) => entry.id === id);
  if (!isOpen || (position >= 1 && position <= open.length)) return;
  throw new SwitchyardError(
    "bad-input",
    open.length === 1
      ? `There is no place ${position}: ${id} is alone in the queue.`
      : `There is no place ${position}: the queue has ${open.length} entries.`,
    `Places count from 1, the next to land, to ${open.length}; see: switchyard queue list`,
  );
}

/** Throws `wrong-state` where its task waits for others, or its branch was begun on the work of one that has not landed. */
export function requireFirst(
  store: Store,
  { id, task }: Pick<EntryRecord, "id" | "task">,
  begunOn: EntryRecord["task"] | null,
): void {
  const waitsFor = listWaitedFor(store, task);
  if (waitsFor.length === 0 && begunOn === null) return;
  const why =
    waitsFor.length > 0
      ? `${task} waits for ${waitsFor.join(", ")}`
      : `its branch was begun on the work of ${begunOn}`;
  throw new SwitchyardError(
    "wrong-state",
    `${id} cannot go first: ${why}.`,
    "Make the entry of that task the hot fix first.",
  );
}
