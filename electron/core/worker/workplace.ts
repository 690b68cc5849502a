import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { countCommits } from "../git/diff.ts";
import { openRepository, readStatus, resolveBranch } from "../git/repository.ts";
import { runGit } from "../git/run-git.ts";
import { addWorktree } from "../git/worktree.ts";
import type { TaskRecord } from "../store/store.ts";
import { taskBranch } from "../task/task-slug.ts";

/** Where a worker works. */
export interface Workplace {
  readonly branch: string;
  /** Where the branch left the target. */
  readonly fork: Oid;
}

/**
 * Makes the task's worktree on a branch from the target as it is now, or finds both as an earlier session left them.
 * Files that git ignores and a build needs are copied from the main checkout, where they are there and not yet in the worktree.
 */
export async function prepareWorkplace(
  task: TaskRecord,
  project: Project,
  folder: string,
  copied: readonly string[],
): Promise<Workplace> {
  const repo = await openRepository(project.path);
  const target = await resolveBranch(repo, project.target);
  const branch = task.branch ?? taskBranch(task.id, task.title);
  const { head } = await addWorktree({
    repo,
    path: folder,
    branch,
    from: target,
    reason: `switchyard ${task.id}`,
  });
  const fork = await runGit(folder, ["merge-base", head, target]);
  await copyIgnoredFiles(project.path, folder, copied);
  return { branch, fork: Oid.parse(fork.stdout.trim()) };
}

/** What the worktree holds now: files not committed, the commit at its head, and how many commits lie beyond the target. */
export async function readWorkplace(
  task: TaskRecord,
  project: Project,
): Promise<{ dirty: readonly string[]; head: Oid; commits: number }> {
  if (!task.worktree || !existsSync(task.worktree))
    throw new Error(`the worktree of ${task.id} is gone`);
  const repo = await openRepository(project.path);
  const target = await resolveBranch(repo, project.target);
  const head = Oid.parse((await runGit(task.worktree, ["rev-parse", "HEAD"])).stdout.trim());
  const status = await readStatus(task.worktree, "all");
  return {
    dirty: status.map((file) => file.path),
    head,
    commits: await countCommits(repo, target, head),
  };
}

async function copyIgnoredFiles(from: string, to: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const [source, copy] = [path.resolve(from, file), path.resolve(to, file)];
    const isInside = source.startsWith(from + path.sep) && copy.startsWith(to + path.sep);
    if (!isInside || !existsSync(source) || existsSync(copy)) continue;
    await mkdir(path.dirname(copy), { recursive: true });
    await copyFile(source, copy);
  }
}
