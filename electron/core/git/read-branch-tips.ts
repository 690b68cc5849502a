import type { Oid } from "../../../shared/model/ids.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** The newest commits of branches, by their short names; one that is not there is left out. */
export async function readBranchTips(
  repo: Repository,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Oid>> {
  const wanted = new Map(names.map((name) => [`refs/heads/${name}`, name]));
  if (wanted.size === 0) return new Map();
  const args = ["for-each-ref", "--format=%(objectname) %(refname)", "--", ...wanted.keys()];
  const { stdout } = await runGit(repo.commonDir, args, { signal });
  const tips = new Map<string, Oid>();
  for (const line of stdout.split("\n")) {
    const [oid = "", ref = ""] = line.split(" ");
    // What lies below a name of these is listed too.
    const name = wanted.get(ref);
    if (name !== undefined) tips.set(name, oid);
  }
  return tips;
}
