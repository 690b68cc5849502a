import { join } from "node:path";
import type { Check, CheckResult } from "../../../shared/model/check.ts";
import type { Oid, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { noChecksReason } from "../../../shared/model/queue-pause.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Clock } from "../base/clock.ts";
import type { DataFolder } from "../base/data-folder.ts";
import { buildCandidate } from "../git/candidate.ts";
import { moveTarget } from "../git/move-target.ts";
import {
  inspectPool,
  openPoolWorktree,
  type PoolWorktree,
  poolPath,
  switchPool,
} from "../git/pool-worktree.ts";
import {
  hasCommit,
  isAncestor,
  openRepository,
  type Repository,
  readRef,
  resolveBranch,
  treeOf,
  writeRef,
} from "../git/repository.ts";
import type { EntryRecord, Landing, Store } from "../store/store.ts";
import {
  type ChecksOutcome,
  describeFailure,
  type RunCommand,
  runChecks,
  specHash,
} from "./check-runner.ts";
import { checkoutReason } from "./plan-queue.ts";
import type { EntryEvent } from "./queue-machine.ts";
import { queueRef } from "./queue-ref.ts";
import { conflictHandback, redHandback, twinPathsHandback } from "./write-handback.ts";
import { landingMessage, landingTrailers } from "./write-landing-message.ts";

/** Who commits a candidate where git knows no name of the person's. */
const FALLBACK_PERSON = { name: "Switchyard", email: "switchyard@localhost" };

/** How long a green verdict on the target itself is trusted when a branch is about to be blamed. */
const BASE_VERDICT_MAX_AGE_MS = 24 * 60 * 60_000;

export interface EntryWorkParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly folder: Pick<DataFolder, "worktrees" | "logs">;
  readonly runCommand: RunCommand;
  /** The task's own acceptance checks, which are run on top of the project's. */
  readonly checksOf: (task: TaskId) => readonly Check[];
}

/** What comes of a piece of work: an event for the entry, and a reason to pause the whole queue with. */
export interface WorkOutcome {
  readonly event: EntryEvent;
  readonly pause?: string;
}

interface Built {
  readonly base: Oid;
  readonly candidate: Oid;
  readonly tree: Oid;
}

/** Carries out, in the world, what the machine of one entry asks for. It writes verdicts and refs, never an entry's state. */
export class EntryWork {
  readonly #parts: EntryWorkParts;
  /** By the path of the project's checkout: opening one costs four short git commands. */
  readonly #repositories = new Map<string, Repository>();

  constructor(parts: EntryWorkParts) {
    this.#parts = parts;
  }

  /** Makes the commit that would land, and keeps it and the worker's head reachable. */
  async build(entry: EntryRecord, signal: AbortSignal): Promise<WorkOutcome> {
    const project = this.#project(entry);
    const checks = this.#checks(entry, project);
    if (checks.length === 0 && !project.withoutChecks) {
      return standStill(noChecksReason(project.name));
    }
    // A repository can be moved or replaced between two entries: each begins by looking.
    this.#repositories.delete(project.path);
    const repo = await this.repository(project);
    if (!(await hasCommit(repo, entry.head, signal))) {
      return hindered(`the commit ${entry.head} that was queued is gone`);
    }
    await writeRef(
      repo,
      queueRef(this.#parts.store, "work", `${entry.id}/${entry.attempt}`),
      entry.head,
      signal,
    );
    const base = await resolveBranch(repo, project.target, signal);
    const pool = await this.#pool(repo, project, base, signal);
    await switchPool(pool, base, signal);

    const naming = { ...entry, entry: entry.id, title: this.#title(entry) };
    const outcome = await buildCandidate({
      repo,
      poolWorktree: pool.path,
      base,
      head: entry.head,
      policy: project.land,
      message: landingMessage(naming),
      trailers: landingTrailers(naming),
      fallback: FALLBACK_PERSON,
      signal,
    });
    const target = { name: project.target, oid: base };
    switch (outcome.kind) {
      case "built": {
        const { commit, tree } = outcome;
        await writeRef(repo, queueRef(this.#parts.store, "cand", entry.id), commit, signal);
        return { event: { kind: "built", base, candidate: commit, tree } };
      }
      case "contained":
        return { event: { kind: "contained", base } };
      case "conflict": {
        const { files } = outcome;
        const reason = `conflicts with ${project.target}`;
        const handback = conflictHandback(target, files, checks);
        return { event: { kind: "failed", reason, files, handback } };
      }
      case "twin-paths": {
        const { files } = outcome;
        const reason = "some paths are one file where case or accents do not count";
        const handback = twinPathsHandback(target, files);
        return { event: { kind: "failed", reason, files, handback } };
      }
      default:
        return unreachable(outcome);
    }
  }

  /** Finds the verdict on the candidate's tree: one that is known, else by running the checks on that very tree. */
  async check(entry: EntryRecord, built: Built, signal: AbortSignal): Promise<WorkOutcome> {
    const project = this.#project(entry);
    const checks = this.#checks(entry, project);
    const known = this.#parts.store.verdicts.find(built.tree, specHash(checks));
    if (checks.length === 0 || known?.isGreen) {
      if (known) this.#saveResults(entry, known.results);
      return this.#passed(entry, built.tree);
    }

    const repo = await this.repository(project);
    const pool = await this.#pool(repo, project, built.base, signal);
    const first = await this.#runOn(pool, built.candidate, entry, checks, "the candidate", signal);
    if (first.kind === "green") return this.#afterGreen(pool, entry, project, built, first, signal);
    if (first.kind === "red") {
      // A red that does not come again is a flaky check, not a fault of the branch.
      const title = "the candidate, once more";
      const second = await this.#runOn(pool, built.candidate, entry, checks, title, signal);
      if (second.kind === "green") {
        this.#noteFlaky(entry, first.failed);
        return this.#afterGreen(pool, entry, project, built, second, signal);
      }
      return this.#afterRed(pool, entry, project, built, second, signal);
    }
    return this.#afterRed(pool, entry, project, built, first, signal);
  }

  async #afterGreen(
    pool: PoolWorktree,
    entry: EntryRecord,
    project: Project,
    built: Built,
    run: ChecksOutcome,
    signal: AbortSignal,
  ): Promise<WorkOutcome> {
    const state = await inspectPool(pool, built.candidate, signal);
    if (state.kind === "other") {
      return hindered("the checks change files of the repository", state.files);
    }
    this.#saveVerdict(built.tree, this.#checks(entry, project), true, run.results);
    // The project's checks are among them: this tree is a base that is known to be good.
    this.#saveVerdict(built.tree, project.checks, true, run.results);
    return this.#passed(entry, built.tree);
  }

  /** Before a branch is blamed, the check that fails has to be one that passes on the target itself. */
  async #afterRed(
    pool: PoolWorktree,
    entry: EntryRecord,
    project: Project,
    built: Built,
    run: ChecksOutcome & { readonly kind: "red" | "broken" },
    signal: AbortSignal,
  ): Promise<WorkOutcome> {
    const { failed } = run;
    const projectCheck = project.checks.find((check) => check.run === failed.command);
    const why = describeFailure(failed);
    if (projectCheck) {
      const isGood = await this.#isBaseGood(pool, entry, project, built.base, projectCheck, signal);
      if (!isGood) return standStill(`${project.target} is red: ${why}`);
    }
    if (run.kind === "broken" && (failed.exitCode === null || !projectCheck)) {
      return hindered(`a check could not be run to its end: ${why}`);
    }
    const checks = this.#checks(entry, project);
    this.#saveVerdict(built.tree, checks, false, run.results);
    const target = { name: project.target, oid: built.base };
    const handback = redHandback(target, failed, checks);
    return { event: { kind: "failed", reason: `a check fails: ${why}`, files: [], handback } };
  }

  async #isBaseGood(
    pool: PoolWorktree,
    entry: EntryRecord,
    project: Project,
    base: Oid,
    check: Check,
    signal: AbortSignal,
  ): Promise<boolean> {
    const tree = await treeOf(pool.repo, base, signal);
    if (this.#isKnownGood(tree, project.checks) || this.#isKnownGood(tree, [check])) return true;
    const title = `${project.target} itself`;
    const run = await this.#runOn(pool, base, entry, [check], title, signal, "keep-results");
    if (run.kind !== "broken") {
      this.#saveVerdict(tree, [check], run.kind === "green", run.results);
    }
    return run.kind === "green";
  }

  /** The world around a tree changes too, so an old verdict does not clear the target of being red. */
  #isKnownGood(tree: Oid, checks: readonly Check[]): boolean {
    const known = this.#parts.store.verdicts.find(tree, specHash(checks));
    const ageMs = known ? this.#parts.clock.now().getTime() - Date.parse(known.at) : 0;
    return known?.isGreen === true && ageMs < BASE_VERDICT_MAX_AGE_MS;
  }

  /** Moves the target, or finds it moved. Not cancelled: it is short, and cut off it would have to be mended. */
  async land(landing: Pick<Landing, "entry" | "project" | "target" | "from" | "to">) {
    const { target, from, to } = landing;
    const project = this.#parts.store.projects.find(landing.project);
    if (!project) throw new Error(`the project ${landing.project} is gone`);
    const repo = await this.repository(project);
    const note = `switchyard land ${landing.entry}`;
    const outcome = await moveTarget({ repo, target, from, to, note });
    return { repo, event: landingEvent(outcome, target) };
  }

  /**
   * What git says of a landing whose move threw: it may have been made all the same. Where git cannot be asked, e.g. because
   * the repository is not there, the entry is held: built anew after that, work that had landed is found to be there already.
   */
  async findLanding(landing: Landing, problem: string): Promise<EntryEvent> {
    const isMade = await this.#isMade(landing).catch(() => false);
    return isMade ? { kind: "moved" } : { kind: "hindered", reason: problem, files: [] };
  }

  async #isMade({ project, target, to }: Landing): Promise<boolean> {
    const found = this.#parts.store.projects.find(project);
    if (!found) return false;
    const repo = await this.repository(found);
    const now = await readRef(repo, `refs/heads/${target}`);
    return now !== null && (await isAncestor(repo, to, now));
  }

  async repository({ path }: Project): Promise<Repository> {
    const known = this.#repositories.get(path);
    if (known) return known;
    const repo = await openRepository(path);
    this.#repositories.set(path, repo);
    return repo;
  }

  logFile(entry: EntryRecord): string {
    return join(this.#parts.folder.logs, "queue", `${entry.id}-${entry.attempt}.log`);
  }

  async #runOn(
    pool: PoolWorktree,
    commit: Oid,
    entry: EntryRecord,
    checks: readonly Check[],
    title: string,
    signal: AbortSignal,
    results: "save-results" | "keep-results" = "save-results",
  ): Promise<ChecksOutcome> {
    await switchPool(pool, commit, signal);
    return runChecks({
      checks,
      worktree: pool.path,
      title: `${title} (${commit.slice(0, 12)})`,
      logFile: this.logFile(entry),
      runCommand: this.#parts.runCommand,
      signal,
      onResult: (done) => {
        if (results === "save-results") this.#saveResults(entry, done);
      },
    });
  }

  /** What the project says now counts, not what it said when the checks began. */
  #passed(entry: EntryRecord, tree: Oid): WorkOutcome {
    const project = this.#project(entry);
    const { isHalted } = this.#parts.store.fleet.read();
    const isPaused = project.queue.state === "paused" || isHalted;
    const needsApproval = project.approve === "human";
    return { event: { kind: "passed", tree, isPaused, needsApproval } };
  }

  #pool(repo: Repository, project: Project, at: Oid, signal: AbortSignal): Promise<PoolWorktree> {
    const path = poolPath(this.#parts.folder.worktrees, project.name);
    return openPoolWorktree(repo, path, at, signal);
  }

  #checks(entry: EntryRecord, project: Project): readonly Check[] {
    return [...project.checks, ...this.#parts.checksOf(entry.task)];
  }

  #project({ id, project }: EntryRecord): Project {
    const found = this.#parts.store.projects.find(project);
    if (!found) throw new Error(`the project ${project} of ${id} is gone`);
    return found;
  }

  #title({ task, branch }: EntryRecord): string {
    return this.#parts.store.tasks.find(task)?.title ?? branch;
  }

  #saveResults({ id }: EntryRecord, results: readonly CheckResult[]): void {
    const { store } = this.#parts;
    store.write("queue", () => store.entries.update(id, { checks: [...results] }));
  }

  #saveVerdict(
    tree: Oid,
    checks: readonly Check[],
    isGreen: boolean,
    results: readonly CheckResult[],
  ): void {
    if (checks.length === 0) return;
    const { store } = this.#parts;
    store.write("queue", () =>
      store.verdicts.insert({ tree, specHash: specHash(checks), isGreen, results }),
    );
  }

  #noteFlaky({ id, task }: EntryRecord, failed: CheckResult): void {
    this.#parts.store.write("queue", (record) =>
      record("queue.flaky", id, { task, check: failed.name, exitCode: failed.exitCode }),
    );
  }
}

function landingEvent(outcome: Awaited<ReturnType<typeof moveTarget>>, target: string): EntryEvent {
  switch (outcome.kind) {
    case "moved":
      return { kind: "moved" };
    case "target-moved":
      return { kind: "target-moved", target };
    case "held":
      return {
        kind: "hindered",
        reason: checkoutReason(outcome.reason),
        files: outcome.files,
      };
    default:
      return unreachable(outcome);
  }
}

function hindered(reason: string, files: readonly string[] = []): WorkOutcome {
  return { event: { kind: "hindered", reason, files } };
}

/** The fault is the queue's, not the entry's: it keeps its place. */
function standStill(reason: string): WorkOutcome {
  return { event: { kind: "put-back", reason }, pause: reason };
}
