import { existsSync } from "node:fs";
import { cp, lstat, mkdir, readFile, realpath, symlink } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Log } from "../base/log.ts";
import { writeFileDurably } from "../base/write-file-durably.ts";
import { carryChanges } from "../git/carry-changes.ts";
import { gitDirOf } from "../git/checkout-blockers.ts";
import { countCommits } from "../git/diff.ts";
import { readGround } from "../git/followed-target.ts";
import { findMovedWorktree } from "../git/moved-worktree.ts";
import { pinOf } from "../git/pin-worktree.ts";
import { openRepository, type Repository, readStatus, resolveBranch } from "../git/repository.ts";
import { runGit } from "../git/run-git.ts";
import { addWorktree } from "../git/worktree.ts";
import type { CommandResult } from "../process/run-command.ts";
import type { SessionRecord, TaskRecord } from "../store/store.ts";
import { taskBranch } from "../task/task-slug.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { claimBranch, dropClaim } from "./claim-branch.ts";
import type { PersonCheckout } from "./person-checkout.ts";
import type { Removals } from "./removals.ts";
import { movedReason } from "./stop-reasons.ts";

/** Where a worker works. */
export interface Workplace {
  readonly branch: string;
  /** Where the branch left the target. */
  readonly fork: Oid;
  /** Paths of the person's uncommitted changes that its worktree began with. */
  readonly carried: readonly string[];
}

export interface WorkplaceSettings {
  /** Files that git ignores and a build needs, by their paths in the main checkout. */
  readonly copy: readonly string[];
  readonly link: readonly string[];
  /** A command that makes a new worktree ready to be worked in. */
  readonly setup: string | null;
  /** The remote at which work is merged, of which new work begins at what it has; null: work lands here. */
  readonly mergedAt: string | null;
}

export interface WorkplacesParts {
  readonly log: Log;
  /** Tells this data folder's branches from those of others. */
  readonly storeName: string;
  readonly removals: Removals;
  readonly checkpoints: Checkpoints;
  readonly personCheckout: PersonCheckout;
  readonly settingsOf: (project: Project) => WorkplaceSettings;
  readonly runSetup: (
    command: string,
    session: SessionRecord,
    task: TaskRecord,
  ) => Promise<CommandResult>;
  /** Says on the session's row what it waits for; null: nothing any more. */
  readonly noteWait: (session: SessionRecord, reason: string | null) => void;
}

/** What a person reads first of a set-up that failed; all of it is in the session's log. */
const TAIL_LINES = 10;
const TAIL_MAX = 1_000;

/** Lies in the worktree's own git folder, so it goes when the worktree goes. */
const MARK = "switchyard.json";
const Mark = z.object({ carried: z.array(z.string()), isSetUp: z.boolean() });
type Mark = z.infer<typeof Mark>;

/**
 * Makes the places where workers work.
 *
 * Each step is repeated after a crash until its mark is written; a session begins only when all of them are done.
 */
export class Workplaces {
  readonly #parts: WorkplacesParts;

  constructor(parts: WorkplacesParts) {
    this.#parts = parts;
  }

  /**
   * Makes the task's worktree on a branch from the target as it is now, or finds both as an earlier session left them, and
   * keeps what that one had not committed. Throws `wrong-state` when the person's changes do not fit, and `failed` with the end
   * of the output when the set-up command does not pass.
   */
  async prepare(task: TaskRecord, project: Project, session: SessionRecord): Promise<Workplace> {
    const folder = session.cwd;
    const repo = await openRepository(project.path);
    const settings = this.#parts.settingsOf(project);
    const target =
      (await readGround(repo, project.target, settings.mergedAt)) ??
      (await resolveBranch(repo, project.target));
    const branch = await this.#branchOf(repo, task, target);
    await refuseMoved(repo, task, folder);
    await this.#parts.checkpoints.keep(await this.#putBack(task));
    const reason = `switchyard ${task.id}`;
    const { head } = await addWorktree({ repo, path: folder, branch, from: target, reason });
    const fork = await runGit(folder, ["merge-base", head, target]);

    const mark = await readMark(folder);
    // A task that had a workplace before has the changes on its branch, or went without them.
    const carried =
      mark?.carried ?? (task.fork === null ? await this.#carry(repo, project, folder) : []);
    if (!mark) await writeMark(folder, { carried: [...carried], isSetUp: false });
    await bringIgnoredFiles(project.path, folder, settings);
    if (!mark?.isSetUp) {
      await this.#setUp(settings.setup, session, task);
      await writeMark(folder, { carried: [...carried], isSetUp: true });
    }
    return { branch, fork: Oid.parse(fork.stdout.trim()), carried };
  }

  async #branchOf(repo: Repository, task: TaskRecord, from: Oid): Promise<string> {
    const { storeName: store } = this.#parts;
    if (task.branch === null)
      return claimBranch(repo, { store, name: taskBranch(task.id, task.title), from });
    await dropClaim(repo, store, task.branch);
    return task.branch;
  }

  /** A task that goes out again finds the files that its removed worktree held, where they still fit. Gives the task as it is then. */
  async #putBack(task: TaskRecord): Promise<TaskRecord> {
    const { removals, log } = this.#parts;
    if (!removals.findUndone(task.id)) return task;
    try {
      return await removals.restoreFor(task.id);
    } catch (error) {
      if (!(error instanceof SwitchyardError)) throw error;
      log.warn({ error, task: task.id }, "a removed worktree could not be put back");
      return task;
    }
  }

  async #carry(repo: Repository, project: Project, folder: string): Promise<readonly string[]> {
    const saved = await this.#parts.personCheckout.changesForNew(project);
    if (saved === null) return [];
    const carrying = await carryChanges(repo, folder, saved);
    if (carrying.kind === "carried") return carrying.files;
    throw new SwitchyardError(
      "wrong-state",
      `Your uncommitted changes do not fit on ${project.target} as it is now: ${carrying.files.slice(0, 5).join(", ")}.`,
      `Commit or stash them, or leave them out: switchyard project settle-changes ${project.name} --leave`,
    );
  }

  async #setUp(command: string | null, session: SessionRecord, task: TaskRecord): Promise<void> {
    if (command === null) return;
    this.#parts.noteWait(session, `its worktree is set up: ${command}`);
    const { exitCode, reason, tail } = await this.#parts.runSetup(command, session, task);
    if (exitCode === 0) {
      this.#parts.noteWait(session, null);
      return;
    }
    const how = exitCode === null ? (reason ?? "it did not end") : `exit code ${exitCode}`;
    throw new SwitchyardError(
      "failed",
      `The set-up command (${command}) failed with ${how}. The end of its output:\n${tail.trim().split("\n").slice(-TAIL_LINES).join("\n").slice(-TAIL_MAX)}`,
      `All of it: switchyard session log ${session.id}`,
    );
  }
}

/** One made anew beside it would take its place in git, and leave what is in it with nobody. */
async function refuseMoved(repo: Repository, task: TaskRecord, folder: string): Promise<void> {
  if (task.worktree === null || existsSync(folder)) return;
  const now = await findMovedWorktree(repo, { path: folder, branch: task.branch });
  if (now === null) return;
  throw new SwitchyardError("wrong-state", movedReason(task.id, now));
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
  const status = await readStatus(task.worktree, "all", {
    env: await pinOf(repo, task.worktree),
  });
  return {
    dirty: status.map((file) => file.path),
    head,
    // Where work is merged on a remote the branch may have begun beyond the target here.
    commits: await countCommits(repo, task.fork === null ? target : [target, task.fork], head),
  };
}

async function readMark(folder: string): Promise<Mark | null> {
  const file = path.join(await gitDirOf(folder), MARK);
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : Mark.parse(JSON.parse(text));
}

async function writeMark(folder: string, mark: Mark): Promise<void> {
  writeFileDurably(path.join(await gitDirOf(folder), MARK), JSON.stringify(mark));
}

async function bringIgnoredFiles(
  from: string,
  to: string,
  { copy, link }: WorkplaceSettings,
): Promise<void> {
  for (const [files, how] of [
    [copy, "copy"],
    [link, "link"],
  ] as const) {
    for (const file of files) {
      const [source, place] = [path.resolve(from, file), path.resolve(to, file)];
      const isInside = source.startsWith(from + path.sep) && place.startsWith(to + path.sep);
      if (!isInside || !existsSync(source) || (await isThere(place))) continue;
      if (!(await makeFolderInside(path.dirname(place), to))) continue;
      if (how === "copy") await cp(source, place, { recursive: true, verbatimSymlinks: true });
      else await symlink(source, place);
    }
  }
}

async function isThere(place: string): Promise<boolean> {
  return (await lstat(place).catch(() => null)) !== null;
}

/** False where a link in the worktree leads out of it: nothing of ours is written there. */
async function makeFolderInside(folder: string, root: string): Promise<boolean> {
  let known = folder;
  while (!existsSync(known)) known = path.dirname(known);
  const [real, realRoot] = [await realpath(known), await realpath(root)];
  if (real !== realRoot && !real.startsWith(realRoot + path.sep)) return false;
  await mkdir(folder, { recursive: true });
  return true;
}
