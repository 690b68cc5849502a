import type { Store } from "../store/store.ts";

/**
 * Keeps a commit of the queue's from being cleaned away: `work` what was queued, `cand` what would land, `undo` where the target stood before,
 * `undone` what was taken back from there, `res` work with a conflict settled.
 * The store's name is in it, because another data folder on the same repository has an entry of the same number.
 */
export function queueRef(
  { identity }: Pick<Store, "identity">,
  kind: "work" | "cand" | "undo" | "undone" | "res",
  name: string,
) {
  return `refs/switchyard/${kind}/${identity}/${name}` as const;
}
