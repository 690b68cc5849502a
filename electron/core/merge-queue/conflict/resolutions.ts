import type { Event } from "../../../../shared/model/event.ts";
import type { Oid } from "../../../../shared/model/ids.ts";
import { isAncestor, listRefs, type Repository, readRef, writeRef } from "../../git/repository.ts";
import type { EntryRecord, Store } from "../../store/store.ts";
import { queueRef } from "../queue-ref.ts";

/**
 * What was made of an entry's work beside it, newest first: commits that hold all of that work, and more. The same work may have been
 * queued before, as an entry of another number.
 */
export async function listResolutions(
  store: Pick<Store, "identity" | "entries">,
  repo: Repository,
  { head, task }: Pick<EntryRecord, "head" | "task">,
  signal?: AbortSignal,
): Promise<readonly Oid[]> {
  const same = store.entries.list({ task }).filter((each) => each.head === head);
  const made: { readonly at: number; readonly commit: Oid }[] = [];
  for (const { id } of same) {
    for (const ref of await listRefs(repo, queueRef(store, "res", `${id}/`), signal)) {
      const commit = await readRef(repo, ref, signal);
      if (commit === null || !(await isAncestor(repo, head, commit, signal))) continue;
      made.push({ at: numberIn(id) * PER_ENTRY + numberIn(ref), commit });
    }
  }
  return made.sort((a, b) => b.at - a.at).map(({ commit }) => commit);
}

/** Whether a person or a worker resolved the conflict of this work, which counts before what needs nobody's judgement. */
export function isResolved(
  store: Pick<Store, "entries" | "events">,
  entry: Pick<EntryRecord, "head" | "task">,
): boolean {
  return listResolved(store, entry).length > 0;
}

/** Whether what was made of this work last was made by a person. */
export function isResolvedByPerson(
  store: Pick<Store, "entries" | "events">,
  entry: Pick<EntryRecord, "head" | "task">,
): boolean {
  const last = listResolved(store, entry)
    .toSorted((a, b) => a.seq - b.seq)
    .at(-1);
  return last?.data.by === "person";
}

function listResolved(
  store: Pick<Store, "entries" | "events">,
  { head, task }: Pick<EntryRecord, "head" | "task">,
): readonly Event[] {
  return store.entries
    .list({ task })
    .filter((each) => each.head === head)
    .flatMap(({ id }) => store.events.since(0, { subject: id }))
    .filter(({ kind }) => kind === "queue.resolved");
}

/** Keeps what somebody made of an entry's work. The same commit is kept once. */
export async function keepResolution(
  store: Pick<Store, "identity" | "entries">,
  repo: Repository,
  entry: Pick<EntryRecord, "id" | "head" | "task">,
  commit: Oid,
  signal?: AbortSignal,
): Promise<void> {
  const [newest] = await listResolutions(store, repo, entry, signal);
  if (newest === commit) return;
  const taken = await listRefs(repo, queueRef(store, "res", `${entry.id}/`), signal);
  const number = Math.max(0, ...taken.map(numberIn)) + 1;
  await writeRef(repo, queueRef(store, "res", `${entry.id}/${number}`), commit, signal);
}

/** What was made of an entry's work is not to be used again. */
export async function dropResolutions(
  store: Pick<Store, "identity">,
  repo: Repository,
  { id }: Pick<EntryRecord, "id">,
): Promise<void> {
  const all = queueRef(store, "res", `${id}/`);
  for (const ref of await listRefs(repo, all)) {
    await writeRef(repo, `${all}${ref.slice(all.length)}`, null);
  }
}

/** No entry has more. */
const PER_ENTRY = 10_000;

/** The number at the end of a ref or an id. */
function numberIn(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}
