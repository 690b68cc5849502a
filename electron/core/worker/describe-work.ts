import { existsSync } from "node:fs";
import type { HandoffNote } from "../../../shared/model/handoff.ts";
import type { Project } from "../../../shared/model/project.ts";
import { pinOf } from "../git/pin-worktree.ts";
import { openRepository, readStatus } from "../git/repository.ts";
import { runGit } from "../git/run-git.ts";
import type { TaskRecord } from "../store/store.ts";

/** A note is read whole by the next session: no list in it is longer than this. */
const LINES_MAX = 40;
/** … and no message of the session before it. */
const MESSAGE_MAX_CHARS = 1_500;

/**
 * What can be seen of a task's work from outside: its commits, what is changed and not committed, its last report, and what its
 * worker said last. A worktree that cannot be read leaves its part out.
 */
export async function describeWork(
  task: TaskRecord,
  project: Pick<Project, "path"> | undefined,
  lastMessages: readonly string[],
): Promise<HandoffNote> {
  const { commits, dirty, files } = await readWork(task, project);
  const said = lastMessages.map((text) => `> ${cut(text).replaceAll("\n", "\n> ")}`);
  const done = [
    ...(commits.length > 0 ? ["Commits on this branch, newest first:", ...commits] : []),
    ...(commits.length === 0 ? ["There is no commit on this branch yet."] : []),
    ...(dirty.length > 0 ? ["", "Changed and not committed:", ...dirty] : []),
    ...(task.progress ? ["", `Its last report: ${task.progress.note}`] : []),
    ...(said.length > 0 ? ["", "What the session before you said last:", ...said] : []),
  ].join("\n");
  return {
    done,
    remaining:
      "Nobody wrote down what remains. Compare the work with the task below, look at git log, git diff and git status, and finish what is missing.",
    decisions: null,
    files,
    check: null,
  };
}

/** Files that a task's worktree holds changed and not committed; none where it cannot be read. */
export async function listUncommitted(
  { worktree }: TaskRecord,
  project: Pick<Project, "path"> | undefined,
): Promise<readonly string[]> {
  if (!worktree || !project || !existsSync(worktree)) return [];
  const status = await pinned(worktree, project)
    .then((env) => readStatus(worktree, "all", { env }))
    .catch(() => []);
  return status.map((file) => file.path).slice(0, LINES_MAX);
}

/** The commit at the head of a task's worktree; null where it cannot be read. */
export async function readHead({ worktree }: TaskRecord): Promise<string | null> {
  if (!worktree || !existsSync(worktree)) return null;
  const head = await runGit(worktree, ["rev-parse", "HEAD"]).catch(() => null);
  return head?.stdout.trim() ?? null;
}

async function pinned(worktree: string, project: Pick<Project, "path">) {
  return pinOf(await openRepository(project.path), worktree);
}

async function readWork(
  { worktree, fork }: TaskRecord,
  project: Pick<Project, "path"> | undefined,
) {
  const nothing = { commits: [], dirty: [], files: [] };
  if (!worktree || !fork || !project || !existsSync(worktree)) return nothing;
  try {
    const env = await pinned(worktree, project);
    const log = await runGit(worktree, ["log", "--format=- %h %s", `${fork}..HEAD`, "--"], { env });
    const names = await runGit(worktree, ["diff", "--name-only", "-z", fork, "--"], { env });
    const dirty = await readStatus(worktree, "all", { env });
    return {
      commits: short(log.stdout.split("\n").filter(Boolean)),
      dirty: short(dirty.map(({ code, path }) => `- ${code.trim()} ${path}`)),
      files: names.stdout.split("\0").filter(Boolean).slice(0, LINES_MAX),
    };
  } catch {
    // A note without them is better than a session that runs into the wall.
    return nothing;
  }
}

function short(lines: readonly string[]): readonly string[] {
  if (lines.length <= LINES_MAX) return lines;
  return [...lines.slice(0, LINES_MAX), `… and ${lines.length - LINES_MAX} more`];
}

function cut(text: string): string {
  return text.length > MESSAGE_MAX_CHARS ? `${text.slice(0, MESSAGE_MAX_CHARS)}…` : text;
}
