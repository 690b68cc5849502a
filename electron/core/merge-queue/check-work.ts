import type { Check, CheckResult } from "../../../shared/model/check.ts";
import type { Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { Clock } from "../base/clock.ts";
import { inspectPool, type PoolState } from "../git/pool-worktree.ts";
import { treeOf } from "../git/repository.ts";
import type { EntryRecord, Store, Verdict } from "../store/store.ts";
import { isOfThisTree } from "./blame-git.ts";
import type { CheckEnvironment } from "./check-environment.ts";
import { describeFailure, specHash } from "./check-runner.ts";
import { isResolvedByPerson } from "./conflict/resolutions.ts";
import { explainError } from "./explain-error.ts";
import { findFailingMates, nameMates } from "./find-failing-mates.ts";
import { countingIn, type Judgement, judgeTree, latestUntil } from "./judge-tree.ts";
import { planCheckOrder } from "./plan-check-order.ts";
import type { EntryEvent } from "./queue-machine.ts";
import type { QueuePlace } from "./queue-place.ts";
import { wayOutOf } from "./tests/judge-tests.ts";
import type { TestQuarantine } from "./tests/test-quarantine.ts";
import { type TreeRun, type TreeRunOutcome, TreeRuns, type TreeRunsParts } from "./tree-runs.ts";
import { redHandback } from "./write-handback.ts";

/** How long a green verdict on the target itself is trusted when a branch is about to be blamed. */
const TARGET_VERDICT_MAX_AGE_MS = 24 * 60 * 60_000;
/** What a set-up fetches can be away at one moment and there at the next. */
const SET_UP_VERDICT_MAX_AGE_MS = 10 * 60_000;
const NO_TIME = "";
/** So many branches tell how long a check takes. */
const LATELY = 10;

/** An entry that was built, with the commit and tree that the target has once it and all before it have landed. */
export interface BuiltEntry {
  readonly entry: EntryRecord;
  readonly candidate: Oid;
  readonly tree: Oid;
}

/** Why the checks on a tree say nothing about it. */
export interface Breakage {
  readonly failed: CheckResult | null;
  readonly reason: string;
  readonly files: readonly string[];
}

/** Runs the checks of those that land together, keeps what came of it by tree, and says what is known of a tree. */
export class CheckWork {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #place: QueuePlace;
  readonly #environment: CheckEnvironment;
  readonly #quarantine: TestQuarantine;
  readonly #runs: TreeRuns;

  constructor(parts: TreeRunsParts) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#place = parts.place;
    this.#environment = parts.environment;
    this.#quarantine = parts.quarantine;
    this.#runs = new TreeRuns(parts);
  }

  /** Finds out what checks run in; verdicts of elsewhere do not count until the next look. */
  lookAround(project: Project, signal: AbortSignal): Promise<void> {
    const queued = this.#store.entries.list({ project: project.name, isOpen: true });
    const ofTasks = this.#place.checks({ ...project, checks: [] }, queued);
    return this.#environment.look(project, ofTasks, signal);
  }

  /** Of the tree of the last of these, by the checks of all of them. A target that was found red takes back what was held against them. */
  judge(members: readonly BuiltEntry[], targetTree: Oid): Judgement & { readonly isFree: boolean } {
    const last = members.at(-1);
    if (!last) throw new Error("there is no tree without an entry");
    const entries = members.map(({ entry }) => entry);
    const project = this.#place.project(last.entry.project);
    const checks = this.#place.checks(project, entries);
    const redTarget = this.#verdicts(project, targetTree).find(({ isGreen }) => !isGreen);
    const times = [...entries.map(({ enqueuedAt }) => enqueuedAt), redTarget?.at ?? NO_TIME];
    const since = latestUntil(this.#clock.now().toISOString(), times);
    const setUp = this.#environment.setUpOf(project);
    const judgement = judgeTree(this.#counting(project, last.tree), checks, since, setUp);
    return { ...judgement, isFree: checks.length === 0 && project.withoutChecks };
  }

  /** Whether the check that a branch fails passes on the target; its own acceptance checks are its own fault alone. */
  isTargetGood(project: Project, targetTree: Oid, failed: CheckResult | null): boolean {
    const check = this.#checkOf(project, failed);
    if (!check) return true;
    const { greenAt } = judgeTree(this.#counting(project, targetTree), [check], NO_TIME);
    if (greenAt === null) return false;
    const isSetUp = check.run === this.#environment.setUpOf(project)?.run;
    const maxAgeMs = isSetUp ? SET_UP_VERDICT_MAX_AGE_MS : TARGET_VERDICT_MAX_AGE_MS;
    return this.#clock.now().getTime() - Date.parse(greenAt) < maxAgeMs;
  }

  /**
   * Null: there is a verdict now. `own`: those of them that show this run; where several go on beside each other, each in a lane of its
   * own, an entry shows the shortest that it is part of.
   */
  async run(
    members: readonly BuiltEntry[],
    target: Oid,
    signal: AbortSignal,
    section: Pick<TreeRun, "lane" | "timer"> & { readonly own: readonly BuiltEntry[] },
  ): Promise<Breakage | null> {
    const last = members.at(-1);
    if (!last) throw new Error("there is nothing to check");
    const entries = members.map(({ entry }) => entry);
    const project = this.#place.project(last.entry.project);
    const given = this.#place.checks(project, entries);
    const checks = planCheckOrder(given, this.#environment.orderOf(project), this.#lately(project));
    const pool = await this.#place.pool(project, target, signal, section.lane);
    const names = entries.map(({ id }) => id);
    const who = entries.length === 1 ? "the candidate" : `${nameAll(names)} together`;
    const shown = section.own.map(({ entry }) => entry);
    const { lane, timer } = section;
    const what = { entries: shown, checks, who, isShown: true, lane, timer };
    let outcome: TreeRunOutcome;
    let state: PoolState;
    try {
      outcome = await this.#runs.run(project, last.candidate, what, signal);
      state = await inspectPool(pool, last.candidate, signal);
    } catch (error) {
      const fresh = await this.#place.pool(project, target, signal, lane);
      if (!(await isOfThisTree(error, fresh, target, signal))) throw error;
      const reason = `git cannot work where it is checked: ${explainError(error)}`;
      return { failed: null, reason, files: [] };
    }
    if (outcome.kind === "lost") return null;
    const { failed } = outcome.kind === "green" ? { failed: null } : outcome;
    if (failed) {
      if (outcome.kind === "broken") {
        const why = `${describeFailure(failed)}${wayOutOf(failed)}`;
        const reason = `a check could not be run to its end: ${why}`;
        return { failed, reason, files: [] };
      }
      this.#saveVerdict(project, last.tree, checks, false, outcome.results);
      return null;
    }
    if (state.kind === "other") {
      const reason = "the checks change files of the repository";
      return { failed: null, reason, files: state.files };
    }
    this.#saveVerdict(project, last.tree, checks, true, outcome.results);
    return null;
  }

  /** Null: the check that fails passes on the target itself. Else what is wrong with it. */
  async checkTarget(
    entry: EntryRecord,
    target: Oid,
    failed: CheckResult,
    signal: AbortSignal,
  ): Promise<string | null> {
    const project = this.#place.project(entry.project);
    const check = this.#checkOf(project, failed);
    if (!check) return null;
    const pool = await this.#place.pool(project, target, signal);
    const checks = this.#upTo(project, check);
    const what = {
      entries: [entry],
      checks,
      who: `${project.target} itself`,
      isShown: false,
      lane: 1,
      timer: null,
    };
    const outcome = await this.#runs.run(project, target, what, signal);
    if (outcome.kind === "lost") return null;
    const tree = await treeOf(pool.repo, target, signal);
    if (outcome.kind !== "broken") {
      this.#saveVerdict(project, tree, checks, outcome.kind === "green", outcome.results);
    }
    return outcome.kind === "green"
      ? null
      : `${project.target} is red: ${describeFailure(outcome.failed)}${wayOutOf(outcome.failed)}`;
  }

  /** What becomes of an entry whose checks fail alone, on a target where they do not. */
  async blame(
    entry: EntryRecord,
    target: Oid,
    broken: Breakage | null,
    failed: CheckResult | null,
  ): Promise<EntryEvent> {
    const project = this.#place.project(entry.project);
    const culprit = broken?.failed ?? failed;
    const isProjects = this.#checkOf(project, culprit) !== null;
    // A program that is missing for the branch alone is the branch's doing; a time that ran out can be the machine's.
    if (broken && (culprit === null || culprit.exitCode === null || !isProjects)) {
      return { kind: "hindered", reason: broken.reason, files: broken.files };
    }
    if (!culprit) throw new Error(`${entry.id} is blamed for nothing`);
    this.#showFailure(entry, culprit);
    const repo = await this.#place.repository(project);
    const mates = await findFailingMates(this.#store, repo, entry, target, culprit);
    const why = describeFailure(culprit);
    const on = await this.#place.nameGround(project, target);
    const checks = this.#place.checks(project, [entry]);
    const handback = redHandback(on, culprit, checks, this.#describe(mates));
    const what = mates.length === 0 ? RED : `${TOGETHER} ${nameMates(mates)}`;
    // The worker that goes on with it has its own branch, without what the person made.
    const wayOn = isResolvedByPerson(this.#store, entry) ? `; ${redResolution(entry.id)}` : "";
    return { kind: "failed", reason: `${what}: ${why}${wayOn}`, files: [], handback };
  }

  /** After a start that knows its verdicts no run has told yet what fails. */
  #showFailure({ id }: EntryRecord, culprit: CheckResult): void {
    const { entries } = this.#store;
    const shown = entries.find(id)?.checks ?? [];
    if (shown.some(({ exitCode }) => exitCode !== 0)) return;
    this.#store.write("queue", () => entries.update(id, { checks: [culprit] }));
  }

  /** A red that does not come again is a flaky check, not a fault of the branch. */
  noteFlaky({ id, task }: EntryRecord, failed: CheckResult): void {
    this.#store.write("queue", (record) =>
      record("queue.flaky", id, {
        ...{ task, check: failed.name, exitCode: failed.exitCode },
        tests: failed.tests?.failures ?? [],
      }),
    );
  }

  /** A check with what runs before it, which can leave what it needs. */
  #upTo(project: Project, { run }: Check): readonly Check[] {
    const order = this.#environment.orderOf(project);
    const all = planCheckOrder(project.checks, order, this.#lately(project));
    const at = all.findIndex((check) => check.run === run);
    const setUp = this.#environment.setUpOf(project);
    return at === -1 && setUp ? [setUp] : all.slice(0, at + 1);
  }

  /** What the checks of the last branches took. */
  #lately({ name }: Project): readonly CheckResult[] {
    return this.#store.entries.listDecided(name, LATELY).flatMap(({ checks }) => checks);
  }

  /** The check of the project, or its set-up, that ended so; null where it is a task's own. */
  #checkOf(project: Project, result: CheckResult | null): Check | null {
    const all = [this.#environment.setUpOf(project), ...project.checks];
    return all.find((check) => check?.run === result?.command) ?? null;
  }

  #describe(mates: readonly EntryRecord["id"][]): readonly string[] {
    return mates.map((id) => {
      const task = this.#store.entries.find(id)?.task;
      const title = task && this.#store.tasks.find(task)?.title;
      return title ? `${id}: ${title}` : id;
    });
  }

  /** Those that say whether it passes, by the quarantine as it is now. */
  #counting(project: Project, tree: Oid): readonly Verdict[] {
    return this.#quarantine.recount(project, this.#verdicts(project, tree));
  }

  /** Those of where checks run now. */
  #verdicts(project: Project, tree: Oid): readonly Verdict[] {
    return countingIn(this.#environment.hash(project), this.#store.verdicts.list(tree));
  }

  #saveVerdict(
    project: Project,
    tree: Oid,
    checks: readonly Check[],
    isGreen: boolean,
    results: readonly CheckResult[],
  ): void {
    if (checks.length === 0) return;
    const hashes = { specHash: specHash(checks), envHash: this.#environment.hash(project) };
    this.#store.write("queue", () => {
      this.#quarantine.note(project, results, this.#verdicts(project, tree));
      this.#store.verdicts.insert({ tree, ...hashes, isGreen, results });
    });
  }
}

const RED = "a check fails";
const TOGETHER = "fails together with";

/** True for work that left the queue because a check failed on it. */
export function isReturnedForRed({
  state,
  reason,
}: Pick<EntryRecord, "state" | "reason">): boolean {
  return state === "returned" && (reason?.startsWith(RED) || reason?.startsWith(TOGETHER)) === true;
}

/** What a person does next whose own resolution of a conflict fails a check. */
function redResolution(id: EntryRecord["id"]): string {
  return `that is with your resolution of its conflict: resolve it anew with switchyard queue resolve ${id}, or leave it to its worker`;
}

function nameAll(ids: readonly string[]): string {
  return `${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}`;
}
