import type { Oid } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { listRefs, type Repository, readRef, writeRef } from "../git/repository.ts";

/** More branches of one name than any number of data folders leave behind. */
const TRIES = 50;

/**
 * The branch that a task begins on: its own name, or that with a number where such a branch is there already. One that exists is a person's, or
 * another data folder's with a task of the same name, and is never taken over; one that an earlier, cut-off try made is known by its claim.
 */
export async function claimBranch(
  repo: Repository,
  { store, name, from }: { readonly store: string; readonly name: string; readonly from: Oid },
): Promise<string> {
  const names = Array.from({ length: TRIES }, (_, at) => (at === 0 ? name : `${name}-${at + 1}`));
  const claimed = new Set(await listRefs(repo, `refs/switchyard/branch/${store}/`));
  const known = names.find((each) => claimed.has(claimRef(store, each)));
  if (known !== undefined) return known;
  for (const each of names) {
    if ((await readRef(repo, `refs/heads/${each}`)) !== null) continue;
    // Before the branch: a crash in between leaves a claim and no branch, which the next try makes.
    await writeRef(repo, claimRef(store, each), from);
    return each;
  }
  throw new SwitchyardError(
    "name-taken",
    `There are branches ${name} to ${name}-${TRIES}, and none of them is this task's.`,
    `Delete those that nobody needs: git branch --list '${name}*'`,
  );
}

/** Once the task's own row says which branch is its own. */
export async function dropClaim(repo: Repository, store: string, branch: string): Promise<void> {
  const ref = claimRef(store, branch);
  if ((await listRefs(repo, ref)).length > 0) await writeRef(repo, ref, null);
}

function claimRef(store: string, branch: string) {
  return `refs/switchyard/branch/${store}/${branch}` as const;
}
