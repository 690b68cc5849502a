import type { CheckResult } from "../../../shared/model/check.ts";
import type { EntryId, Oid, ProjectName } from "../../../shared/model/ids.ts";
import type { LineComment } from "../../../shared/model/line-comment.ts";
import type { Project } from "../../../shared/model/project.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { EntryRecord, NewEntry } from "../store/store.ts";
import { BatchLog } from "./batch-log.ts";
import { CandidateWork } from "./candidate-work.ts";
import { CheckEnvironment, type CheckEnvironmentParts } from "./check-environment.ts";
import type { RunCommand } from "./check-runner.ts";
import { CheckWork } from "./check-work.ts";
import { ConflictLadder, type ConflictLadderParts } from "./conflict/conflict-ladder.ts";
import { insertEntry, moveEntry, requireFirst } from "./enqueue-entry.ts";
import { type EntryListeners, EntrySteps } from "./entry-steps.ts";
import { LandingWork } from "./landing-work.ts";
import { ParallelRuns, type ParallelRunsParts } from "./parallel-runs.ts";
import { placeComments, readSides } from "./place-comments.ts";
import { ProjectQueue } from "./project-queue.ts";
import { Proposals, type ProposalsParts } from "./pull-requests/proposals.ts";
import { QueueGate, type QueueGateParts } from "./queue-gate.ts";
import type { EntryEvent } from "./queue-machine.ts";
import { QueuePlace, type QueuePlaceParts } from "./queue-place.ts";
import { readEntryDiff } from "./read-entry-diff.ts";
import { listWaitedFor, QueueReader } from "./read-queue.ts";
import { Rebuild } from "./rebuild-landings.ts";
import { refuseAsked } from "./refuse-asked.ts";
import { RETURNED_WITH } from "./returned-by-person.ts";
import { Reverts } from "./revert-landing.ts";
import { type QuarantineParts, TestQuarantine } from "./tests/test-quarantine.ts";
import { type UndoParts, Undos } from "./undo-landing.ts";
import { WorkParents } from "./work-parents.ts";
import { noteHandback } from "./write-handback.ts";

/** How often a checkout that is in the way is looked at; one look costs some ten short git commands. */
const HELD_LOOK_MS = 4_000;

export interface MergeQueueParts
  extends QueuePlaceParts,
    EntryListeners,
    Pick<ConflictLadderParts, "runTool" | "resolving">,
    Pick<CheckEnvironmentParts, "surroundingsOf">,
    Pick<QuarantineParts, "testsOf">,
    Pick<QueueGateParts, "freezesOf">,
    Pick<ProposalsParts, "runGh">,
    Pick<ParallelRunsParts, "sectionsOf" | "readMachine">,
    Pick<UndoParts, "onUndone"> {
  readonly runCommand: RunCommand;
  /** How many entries of a project are tested together. */
  readonly batchOf: (project: Project) => "auto" | number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Takes finished branches to their targets: up to a batch at a time in each project, projects independent of each other. It rests until
 * `settle` has been called, which finishes what an earlier core left, and wakes by itself whenever an entry or project changes.
 * While the fleet is halted it is paused in every project.
 */
export class MergeQueue {
  readonly reverts: Reverts;
  readonly undos: Undos;
  readonly rebuilds: Rebuild;
  readonly gate: QueueGate;
  readonly tests: TestQuarantine;
  readonly conflicts: ConflictLadder;
  readonly parallel: ParallelRuns;
  readonly proposals: Proposals;
  readonly #parts: MergeQueueParts;
  readonly #steps: EntrySteps;
  readonly #place: QueuePlace;
  readonly #log = new BatchLog();
  readonly #queues = new Map<ProjectName, ProjectQueue>();
  readonly #stop = new DisposableStack();
  #isStarted = false;

  constructor(parts: MergeQueueParts) {
    this.#parts = parts;
    this.#steps = new EntrySteps(parts.store, parts.clock, parts);
    this.#place = new QueuePlace(parts);
    const enqueue = (entry: NewEntry) => this.enqueue(entry);
    this.reverts = new Reverts({ store: parts.store, enqueue, cancel: parts.resolving.cancel });
    this.undos = new Undos(parts);
    this.gate = new QueueGate(parts);
    this.proposals = new Proposals({ ...parts, steps: this.#steps, gate: this.gate });
    this.rebuilds = new Rebuild({ store: parts.store, steps: this.#steps, log: parts.log });
    this.parallel = new ParallelRuns(parts);
    this.tests = new TestQuarantine({ ...parts, gate: this.gate });
    const [place, steps] = [this.#place, this.#steps];
    this.conflicts = new ConflictLadder({ ...parts, place, steps, enqueue });
  }

  /**
   * Puts a branch into the queue; call it inside `store.write`. The same head of the same task is queued once; a newer head
   * takes the place of the one that waits. Refused (`wrong-state`) while that one is landing.
   */
  enqueue(input: NewEntry): EntryRecord {
    const { store } = this.#parts;
    for (const waiting of store.entries.list({ task: input.task, isOpen: true })) {
      if (waiting.head === input.head) return waiting;
      const reason = "superseded by a newer commit";
      this.#ask(waiting.id, { kind: "remove-asked", reason }, "queue");
    }
    const entry = insertEntry(store, input);
    if (entry.hotfixAt !== null) this.#queueOf(entry.project).makeRoomFor(entry.id);
    return entry;
  }

  /** Settles the landings that an earlier core left open, by looking at the targets; takes up again what it had begun; starts. */
  async settle(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts;
    for (const landing of store.landings.listOpen()) {
      signal.throwIfAborted();
      await this.#queueOf(landing.project).settle(landing);
    }
    await this.rebuilds.settle(signal);
    await this.undos.settle(signal);
    const open = store.entries.list({ isOpen: true });
    for (const { id } of open) this.#steps.apply(id, { kind: "restarted" }, "recovery");
    this.#isStarted = true;
    this.#stop.use(this.gate.run());
    this.conflicts.run();
    this.proposals.run();
    this.parallel.run();
    const timer = clock.every(HELD_LOOK_MS, () => {
      for (const queue of this.#queues.values()) queue.lookAtHeld();
    });
    this.#stop.use(timer);
    this.#stop.defer(
      store.onCommit(({ touched }) => {
        const changed = new Set(touched.projects);
        for (const id of touched.entries) {
          const project = store.entries.find(id)?.project;
          if (project) changed.add(project);
        }
        if (touched.fleet) this.wake();
        else for (const project of changed) this.wake(project);
      }),
    );
    this.wake();
  }

  /** Looks whether something can go on, in one project or in all. */
  wake(project?: ProjectName): void {
    if (!this.#isStarted) return;
    const all = project === undefined ? this.#parts.store.projects.list() : [{ name: project }];
    for (const { name } of all) this.#queueOf(name).wake();
  }

  approve(id: EntryId): void {
    this.#ask(id, { kind: "approve-asked" });
  }

  /** With a note, comments on lines of its diff, or both. Throws `bad-input` where a comment is about a line that is not there. */
  async returnToWorker(
    id: EntryId,
    note: string,
    comments: readonly LineComment[] = [],
  ): Promise<void> {
    const entry = this.#entry(id);
    const placed =
      comments.length === 0
        ? []
        : await placeComments(comments, await readSides(this.#project(entry), entry));
    const handback = noteHandback(note, placed);
    const count = placed.length === 1 ? "1 comment" : `${placed.length} comments`;
    const said = [note, ...(placed.length > 0 ? [`${count} on its lines`] : [])].filter(Boolean);
    this.#ask(id, { kind: "return-asked", reason: `${RETURNED_WITH}${said.join("; ")}`, handback });
  }

  hold(id: EntryId): void {
    this.#ask(id, { kind: "hold-asked" });
  }

  release(id: EntryId): void {
    this.#ask(id, { kind: "release-asked" });
  }

  retry(id: EntryId): void {
    this.#ask(id, { kind: "retry-asked" });
  }

  remove(id: EntryId): void {
    this.#ask(id, { kind: "remove-asked", reason: null });
  }

  /** Makes it the next to land, alone, or ends that. What is under check makes room. Throws `wrong-state` where its task waits for others. */
  hotfix(id: EntryId, isOn: boolean): void {
    const entry = this.#entry(id);
    const queue = this.#queueOf(entry.project);
    if (isOn) requireFirst(this.#parts.store, entry, queue.begunOn(id));
    this.#ask(id, { kind: "hotfix-asked", isOn });
    if (isOn) queue.makeRoomFor(id);
  }

  /** To a 1-based place among the open entries of its project. Throws `wrong-state` where a dependency forbids that. */
  move(id: EntryId, position: number): void {
    moveEntry(this.#parts.store, this.#entry(id), position);
  }

  /** From now on nothing begins to land; checks under way go on. */
  pause(project: ProjectName, reason: string | null = null): void {
    this.gate.setState(project, "paused", reason, "person");
  }

  resume(project: ProjectName): void {
    this.gate.setState(project, "running", null, "person");
  }

  async diff(id: EntryId): Promise<{ from: Oid; to: Oid; patch: string; isCut: boolean }> {
    const entry = this.#entry(id);
    return readEntryDiff(this.#project(entry), entry);
  }

  /** Output of its checks from a byte offset on, at most 256 KiB at a time; `end` is where the next call goes on. */
  async log(
    id: EntryId,
    from: number,
  ): Promise<{ text: string; end: number; results: CheckResult[] }> {
    const entry = this.#entry(id);
    const results = [...entry.checks];
    return { ...(await this.#log.read(this.#place.logFile(entry), from)), results };
  }

  /** Ends what is under way; checks are run again at the next start. A landing that has begun is finished first. */
  async dispose(): Promise<void> {
    this.#isStarted = false;
    this.#stop.dispose();
    await this.proposals[Symbol.asyncDispose]();
    await this.conflicts[Symbol.asyncDispose]();
    await Promise.all([...this.#queues.values()].map((queue) => queue.dispose()));
    await this.parallel[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #ask(id: EntryId, event: EntryEvent, cause = "person"): void {
    const { project, state } = this.#entry(id);
    const step = this.#steps.apply(id, event, cause);
    if (!step.isChanged) throw refuseAsked(id, state, event);
    if (step.stopsWork) this.#queueOf(project).stopWork(id);
  }

  #queueOf(project: ProjectName): ProjectQueue {
    const known = this.#queues.get(project);
    if (known) return known;
    const { store, log, clock, runCommand } = this.#parts;
    const [place, environment] = [this.#place, new CheckEnvironment(this.#parts)];
    const { parallel } = this;
    const parts = { store, clock, place, environment, quarantine: this.tests, runCommand };
    const checks = new CheckWork({ ...parts, log: this.#log });
    const parents = new WorkParents({
      store,
      repository: () => place.repository(place.project(project)),
      ground: () => place.ground(place.project(project)),
      afterOf: (task) => listWaitedFor(store, task),
      tell: (id, reason) => this.#steps.apply(id, { kind: "waiting", reason }, "queue"),
    });
    const { settled, resolvers } = this.conflicts;
    const queue = new ProjectQueue(project, {
      parents,
      store,
      clock,
      log,
      steps: this.#steps,
      place,
      reader: new QueueReader({ ...this.#parts, checks, gate: this.gate, parents, parallel }),
      candidates: new CandidateWork(store, place, settled, resolvers, parents),
      resolvers,
      checks,
      parallel,
      landings: new LandingWork(store, place, log),
      gate: this.gate,
      pause: (reason) => this.gate.setState(project, "paused", reason, "queue"),
    });
    this.#queues.set(project, queue);
    return queue;
  }

  #project({ id, project }: EntryRecord): Project {
    const found = this.#parts.store.projects.find(project);
    if (!found) throw new Error(`the project ${project} of ${id} is gone`);
    return found;
  }

  #entry(id: EntryId): EntryRecord {
    const entry = this.#parts.store.entries.find(id);
    if (entry) return entry;
    throw new SwitchyardError(
      "not-found",
      `There is no queue entry ${id}.`,
      "See: switchyard queue list",
    );
  }
}
