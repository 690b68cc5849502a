import { EntryId, type Oid, TaskId } from "../../../shared/model/ids.ts";
import { isAncestor, listRefs, type Repository, readRef } from "../git/repository.ts";
import { runGit } from "../git/run-git.ts";
import type { FoundLanding } from "./plan-rebuild.ts";

/** A commit that was queued by a store that is not this one, and that the target does not hold. */
export interface LostWork {
  readonly ref: string;
  readonly entry: EntryId;
  readonly attempt: number;
  readonly head: Oid;
  readonly title: string;
  /** The worker's branch that holds it, and the task that this one's name tells; null where there is none. */
  readonly branch: string | null;
  readonly task: TaskId | null;
}

const PINS = "refs/switchyard/work/";

/** The newest commit of each entry that other stores keep. */
export async function findLostWork(
  repo: Repository,
  own: string,
  tip: Oid | null,
  landings: readonly FoundLanding[],
): Promise<readonly LostWork[]> {
  const landed = new Set(landings.map(({ entry }) => entry));
  const newest = new Map<EntryId, { readonly ref: string; readonly attempt: number }>();
  for (const ref of await listRefs(repo, PINS)) {
    const [store, name, number] = ref.slice(PINS.length).split("/");
    const entry = EntryId.safeParse(name);
    const attempt = Number(number);
    if (store === own || !entry.success || !(attempt > 0) || landed.has(entry.data)) continue;
    if ((newest.get(entry.data)?.attempt ?? 0) < attempt) newest.set(entry.data, { ref, attempt });
  }
  const branches = await readBranches(repo);
  const lost: LostWork[] = [];
  for (const [entry, { ref, attempt }] of newest) {
    const head = await readRef(repo, ref);
    if (head === null || (tip !== null && (await isAncestor(repo, head, tip)))) continue;
    const branch = await findHolder(repo, branches, head);
    const task = TaskId.safeParse(/^switchyard\/(t-\d+)(?:-|$)/.exec(branch ?? "")?.[1]);
    const title = (await runGit(repo.commonDir, ["log", "-1", "--format=%s", head, "--"])).stdout;
    const found = { ref, entry, attempt, head, title: title.trim(), branch };
    lost.push({ ...found, task: task.success ? task.data : null });
  }
  return lost;
}

async function readBranches(repo: Repository): Promise<ReadonlyMap<string, Oid>> {
  const args = [
    "for-each-ref",
    "--format=%(objectname) %(refname:lstrip=2)",
    "refs/heads/switchyard/",
  ];
  const { stdout } = await runGit(repo.commonDir, args);
  const lines = stdout.split("\n").filter(Boolean);
  return new Map(
    lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.split(" ")[0] ?? ""]),
  );
}

/** The branch itself, or one that went on from there. */
async function findHolder(
  repo: Repository,
  branches: ReadonlyMap<string, Oid>,
  head: Oid,
): Promise<string | null> {
  for (const [name, oid] of branches) if (oid === head) return name;
  for (const [name, oid] of branches) if (await isAncestor(repo, head, oid)) return name;
  return null;
}
