import type { Oid } from "../../../../shared/model/ids.ts";
import { isAncestor, listRefs, type Repository, readRef, writeRef } from "../../git/repository.ts";
import type { EntryRecord, Store } from "../../store/store.ts";
import { queueRef } from "../queue-ref.ts";

/** What was made of an entry's work beside it, newest first: commits that hold all of that work, and more. */
export async function listResolutions(
  store: Pick<Store, "identity">,
  repo: Repository,
  { id, head }: Pick<EntryRecord, "id" | "head">,
  signal?: AbortSignal,
): Promise<readonly Oid[]> {
  const made: { readonly number: number; readonly commit: Oid }[] = [];
  for (const ref of await listRefs(repo, queueRef(store, "res", `${id}/`), signal)) {
    const commit = await readRef(repo, ref, signal);
    if (commit === null || !(await isAncestor(repo, head, commit, signal))) continue;
    made.push({ number: Number(ref.slice(ref.lastIndexOf("/") + 1)), commit });
  }
  return made.sort((a, b) => b.number - a.number).map(({ commit }) => commit);
}

/** Keeps what somebody made of an entry's work. The same commit is kept once. */
export async function keepResolution(
  store: Pick<Store, "identity">,
  repo: Repository,
  entry: Pick<EntryRecord, "id" | "head">,
  commit: Oid,
  signal?: AbortSignal,
): Promise<void> {
  const [newest] = await listResolutions(store, repo, entry, signal);
  if (newest === commit) return;
  const taken = await listRefs(repo, queueRef(store, "res", `${entry.id}/`), signal);
  const numbers = taken.map((ref) => Number(ref.slice(ref.lastIndexOf("/") + 1)));
  const number = Math.max(0, ...numbers) + 1;
  await writeRef(repo, queueRef(store, "res", `${entry.id}/${number}`), commit, signal);
}

/** What was made of an entry's work is not to be used again. */
export async function dropResolutions(
  store: Pick<Store, "identity">,
  repo: Repository,
  { id }: Pick<EntryRecord, "id">,
): Promise<void> {
  for (const ref of await listRefs(repo, queueRef(store, "res", `${id}/`))) {
    await writeRef(repo, ref, null);
  }
}
