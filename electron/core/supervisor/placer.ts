import type { ProfileName, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { DEFAULT_STRATEGY } from "../../../shared/model/project.ts";
import type { Clock } from "../base/clock.ts";
import { burnOf, type LearnedBurn, learnBurn, UNLEARNED } from "../profile/plan-learned-burn.ts";
import {
  type Candidate,
  type Placement,
  type PlacementQuestion,
  planPlacement,
} from "../profile/plan-placement.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { withoutHandedOver } from "./handoff-notes.ts";
import { lastConversation } from "./plan-recovery.ts";

/** What the settings say of where sessions go, beside the project's strategy. */
export type PlacementRules = Pick<PlacementQuestion, "weights" | "pools"> & {
  readonly reserve: NonNullable<PlacementQuestion["reserve"]>;
};

export interface PlacerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly rulesOf: (project: ProjectName) => PlacementRules;
  /** Why no budget lets it start now, and up to how many percent of its window a profile takes work; null: no limit. */
  readonly holdOf: (task: TaskRecord) => {
    readonly reason: string | null;
    readonly windowPercent: number | null;
  };
}

interface Circumstances {
  /** A person asked for this very start, and may take what is kept from workers. */
  readonly isForPerson?: boolean;
  /** A person reads the reasons: they say which sessions wait for the person. */
  readonly isTold?: boolean;
  /** As if this session were gone. */
  readonly without?: SessionRecord | null;
}

/** Says where a task would go, by the store and the settings as they are now. It changes nothing but what it learns. */
export class Placer {
  readonly #parts: PlacerParts;
  readonly #burns = new Map<ProfileName, LearnedBurn>();
  readonly #last = new Map<ProjectName, ProfileName>();

  constructor(parts: PlacerParts) {
    this.#parts = parts;
  }

  /** Profiles as they are now, each with what a session of it is known to take; `without` this one. */
  candidates(without: SessionRecord | null = null): readonly Candidate[] {
    return this.#parts.store.profiles.list().map((profile) => {
      const learned = learnBurn(this.#burns.get(profile.name) ?? UNLEARNED, profile);
      this.#burns.set(profile.name, learned);
      const live = profile.live - (profile.name === without?.profile ? 1 : 0);
      return { ...profile, live, burn: burnOf(learned) };
    });
  }

  /** Where it would go now, or why nowhere, a sentence for each thing in the way. */
  place(task: TaskRecord, circumstances: Circumstances = {}): Placement {
    const { isForPerson = false, isTold = false, without = null } = circumstances;
    // Work can come back from the queue while the turn that called `task_done` still runs out: one task has one worker.
    const [before] = this.#parts.store.sessions.list({ task: task.id, isLive: true });
    if (before) return { kind: "none", reasons: [`Its session ${before.id} has not ended yet.`] };
    const { reason } = this.#parts.holdOf(task);
    if (reason !== null) return { kind: "none", reasons: [reason] };
    const question = this.#ask(task, this.candidates(without), isForPerson);
    return planPlacement(isTold ? { ...question, waiting: this.#countWaiting() } : question);
  }

  /** Where it would go if the profiles stood like this, and `last` had got the last work of its project. */
  placeAmong(
    task: TaskRecord,
    candidates: readonly Candidate[],
    last: ProfileName | undefined,
  ): Placement {
    const { reason } = this.#parts.holdOf(task);
    if (reason !== null) return { kind: "none", reasons: [reason] };
    const question = this.#ask(task, candidates, false);
    return planPlacement(last === undefined ? question : { ...question, last });
  }

  /** Of these ready tasks, those that only some profiles may take, and none of these takes more now. */
  findShut(
    tasks: readonly TaskRecord[],
    candidates: readonly Candidate[] = this.candidates(),
  ): ReadonlySet<TaskId> {
    const hasPools = this.#poolsOf(tasks);
    const choosy = tasks.filter(
      ({ project, pinnedProfile }) => pinnedProfile !== null || hasPools.get(project),
    );
    return this.findFull(choosy, candidates);
  }

  /** Of these ready tasks, those that no profile takes now: one look for each pin, pool and conversation, however many they are. */
  findFull(
    tasks: readonly TaskRecord[],
    candidates: readonly Candidate[] = this.candidates(),
  ): ReadonlySet<TaskId> {
    const hasPools = this.#poolsOf(tasks);
    const answers = new Map<string, boolean>();
    const isFull = (task: TaskRecord) => {
      const { project, pinnedProfile, labels } = task;
      const asked = hasPools.get(project) ? labels : [];
      const key = JSON.stringify([project, pinnedProfile, asked, this.#preferredOf(task)]);
      const isNone =
        answers.get(key) ?? planPlacement(this.#ask(task, candidates, false)).kind === "none";
      answers.set(key, isNone);
      return isNone;
    };
    return new Set(tasks.filter(isFull).map((task) => task.id));
  }

  /** Whether labels decide where a task of this project goes. */
  #poolsOf(tasks: readonly TaskRecord[]): ReadonlyMap<ProjectName, boolean> {
    const projects = [...new Set(tasks.map(({ project }) => project))];
    return new Map(
      projects.map((name) => [name, (this.#parts.rulesOf(name).pools?.length ?? 0) > 0]),
    );
  }

  /** The profile that holds the conversation that goes on. */
  #preferredOf({ id, handback }: TaskRecord): ProfileName | null {
    if (handback === null) return null;
    return lastConversation(withoutHandedOver(this.#parts.store, id))?.profile ?? null;
  }

  /** Round robin goes on after it. */
  noteClaim(project: ProjectName, profile: ProfileName): void {
    this.#last.set(project, profile);
  }

  /** `isForPerson`: a person asked for this very start, and may take what is kept from workers. */
  #ask(
    task: TaskRecord,
    candidates: readonly Candidate[],
    isForPerson: boolean,
  ): PlacementQuestion {
    const { store, clock, rulesOf, holdOf } = this.#parts;
    const { weights, pools, reserve } = rulesOf(task.project);
    const { windowPercent } = holdOf(task);
    return {
      strategy: store.projects.find(task.project)?.strategy ?? DEFAULT_STRATEGY,
      candidates,
      pinned: task.pinnedProfile,
      preferred: this.#preferredOf(task),
      last: this.#last.get(task.project) ?? null,
      now: clock.now().toISOString(),
      role: "worker",
      labels: task.labels,
      reserve: isForPerson ? null : reserve,
      ...(weights ? { weights } : {}),
      ...(pools ? { pools } : {}),
      ...(windowPercent === null ? {} : { ceilingPercent: windowPercent }),
    };
  }

  /** Live workers of each profile that do not go on before the person did something. */
  #countWaiting(): ReadonlyMap<ProfileName, number> {
    const { store } = this.#parts;
    const counts = new Map<ProfileName, number>();
    for (const { kind, state, task, profile } of store.sessions.list({ isLive: true })) {
      if (kind !== "worker") continue;
      const isWaiting =
        state === "needs-input" ||
        (task !== null && store.tasks.find(task)?.status === "needs-input");
      if (isWaiting) counts.set(profile, (counts.get(profile) ?? 0) + 1);
    }
    return counts;
  }
}
