import type { Approval, Ask, AskState } from "../../../shared/model/ask.ts";
import type { CheckResult } from "../../../shared/model/check.ts";
import type { Event } from "../../../shared/model/event.ts";
import type { Fleet } from "../../../shared/model/fleet.ts";
import type { Handoff } from "../../../shared/model/handoff.ts";
import type {
  AskId,
  EntryId,
  Instant,
  Oid,
  PlanId,
  ProfileName,
  ProjectName,
  SessionId,
  TaskId,
} from "../../../shared/model/ids.ts";
import type { Plan, PlanState } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import type { Removal } from "../../../shared/model/removal.ts";
import type { Session } from "../../../shared/model/session.ts";
import type { Task, TaskStatus } from "../../../shared/model/task.ts";
import type { UsageSample } from "../../../shared/model/usage-report.ts";
import type { UsageWindows, WindowName } from "../../../shared/model/usage-window.ts";

/** What only the core knows of a task, beside what windows see. */
export type TaskRecord = Task & {
  /** What the next session for it is told first: a conflict, a failed check, a person's note. Null: the task's body. */
  readonly handback: string | null;
  /** Where its branch left the target. */
  readonly fork: Oid | null;
  /** How often its worker was reminded to call `task_done`, in this session. */
  readonly reminders: number;
  /** Abnormal ends of its sessions in a row; 0 for a new task. */
  readonly failures: number;
};
export type NewTask = Pick<
  TaskRecord,
  | "project"
  | "plan"
  | "title"
  | "body"
  | "status"
  | "reason"
  | "priority"
  | "after"
  | "labels"
  | "paths"
  | "pinnedProfile"
  | "model"
  | "acceptance"
> &
  Partial<Pick<TaskRecord, "permissionMode">>;

export type SessionRecord = Session & {
  /** Secret part of the address at which its program reaches the host. */
  readonly token: string;
  /** Its folder below `sessions/`. */
  readonly folder: string;
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
  /** Signals up to this number have been taken into account. */
  readonly signalSeq: number;
  /** True when it was started with `--resume` on a conversation that already existed. */
  readonly isResumed: boolean;
  readonly startTicks: string | null;
  /** That it was asked to hand over: when last, how often, and whether its program took the message. */
  readonly handoffAsk: HandoffAsk | null;
  /** What it called last, and how often in a row. */
  readonly callRun: CallRun | null;
  /** Where its branch stood when that last moved, and the tokens it had used by then. */
  readonly commitMark: { readonly head: string; readonly tokens: number } | null;
  /** Absolute path of its provider's own record of the conversation; null until its program has named it. */
  readonly recordFile: string | null;
  /** The model that its program says it speaks with; null until it has said so. */
  readonly spokenModel: string | null;
};

export interface HandoffAsk {
  readonly at: Instant;
  readonly times: number;
  readonly isDelivered: boolean;
}

/** Calls are told apart by a digest of tool and input. */
export interface CallRun {
  readonly call: string;
  /** In words, for a person. */
  readonly text: string;
  readonly count: number;
  /** How many of the newest of them failed. */
  readonly failed: number;
  /** The command that failed last, and how often since it or another one last succeeded, whatever came between. */
  readonly failing: { readonly call: string; readonly text: string; readonly count: number } | null;
}

export type NewSession = Omit<
  SessionRecord,
  | "id"
  | "folder"
  | "since"
  | "startedAt"
  | "endedAt"
  | "exit"
  | "pid"
  | "startTicks"
  | "link"
  | "codeLink"
  | "context"
  | "costUsd"
  | "signalSeq"
  | "evidence"
  | "labels"
  | "recovery"
  | "concern"
  | "permissionMode"
  | "handoffAsk"
  | "callRun"
  | "commitMark"
  | "movedFrom"
  | "recordFile"
  | "spokenModel"
> &
  Partial<Pick<SessionRecord, "recovery" | "movedFrom">>;

export type EntryRecord = QueueEntry & {
  readonly attempt: number;
  readonly priority: number;
  /** Place in the queue of its project; lower lands first among equals. */
  readonly rank: number;
  /** Since when it counts as waiting for its turn; a person's move gives it that of its new neighbour. */
  readonly waitsFrom: Instant;
  readonly candidateTree: Oid | null;
};
export type NewEntry = Pick<
  EntryRecord,
  "project" | "task" | "branch" | "head" | "summary" | "attempt" | "priority"
>;

/** The journal of one move of a target branch: written before git moves the ref, settled after. */
export interface Landing {
  readonly id: number;
  /** The last of them, whose candidate is `to`. */
  readonly entry: EntryId;
  /** All that it brings, in the order of landing. */
  readonly entries: readonly EntryId[];
  readonly project: ProjectName;
  readonly target: string;
  readonly from: Oid;
  readonly to: Oid;
  readonly state: "intent" | "done" | "aborted";
}

/** Whether one exact tree passed one exact set of checks in one environment. Append only. */
export interface Verdict {
  readonly tree: Oid;
  readonly specHash: string;
  /** Names the versions of tools and the declared variables; null for one of before that was kept. */
  readonly envHash: string | null;
  readonly isGreen: boolean;
  readonly results: readonly CheckResult[];
  readonly at: Instant;
}

/** What the checks of a project took in a green run, of those that were begun together the slowest. */
export interface TimedRunRecord {
  readonly project: ProjectName;
  /** Of the project's own checks. */
  readonly specHash: string;
  /** How many runs were begun together. */
  readonly atOnce: number;
  readonly tookMs: number;
  /** For how much of that another of them ran, on the average. */
  readonly sharedMs: number;
  readonly at: Instant;
}

/** A check that was seen to run tests. */
export interface TestCheck {
  readonly project: ProjectName;
  readonly command: string;
  /** How many runs of it were read. */
  readonly runs: number;
  /** How many tests ran when it last passed. */
  readonly ran: number;
}

/** A test that was red and then green on one tree. */
export interface TestHealth {
  readonly project: ProjectName;
  readonly command: string;
  readonly test: string;
  /** The numbers of the runs of its check in which that was seen. */
  readonly flips: readonly number[];
  /** Both null while it is not quarantined. */
  readonly quarantinedAt: Instant | null;
  readonly quarantinedUntil: Instant | null;
  /** The one that was made to mend it. */
  readonly task: TaskId | null;
}

/** A side effect about to happen outside the store. Open intents are settled first when the core starts. */
export interface Intent {
  readonly id: number;
  readonly kind: "start-session" | "stop-session" | "remove-worktree" | "move-conversation";
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly openedAt: Instant;
}

/** An ask with what only the core knows of it. */
export type AskRecord = Ask & {
  /** The host's name of the request that is held open for it. */
  readonly request: string;
  /** The input of the tool, as JSON: of a permission and at the gate as an approval holds it, else to be given back with an answer. */
  readonly input: string;
};
export type NewAsk = Omit<AskRecord, "id" | "state" | "note" | "openedAt" | "closedAt">;

/** Closed asks that nobody needs any more; the newest of a session is never among them. */
export interface OldAsks {
  /** All that were closed before this. */
  readonly closedBefore: Instant;
  /** Of those closed before this, what a session has beyond so many newer ones. */
  readonly keptAfter: Instant;
  readonly keptOfASession: number;
}

export interface Touched {
  readonly projects: ReadonlySet<ProjectName>;
  readonly profiles: ReadonlySet<ProfileName>;
  readonly plans: ReadonlySet<PlanId>;
  readonly tasks: ReadonlySet<TaskId>;
  readonly sessions: ReadonlySet<SessionId>;
  readonly entries: ReadonlySet<EntryId>;
  readonly asks: ReadonlySet<AskId>;
  /** Whether the fleet was halted or let go on. */
  readonly fleet: boolean;
  readonly removedProjects: ReadonlySet<ProjectName>;
  readonly removedProfiles: ReadonlySet<ProfileName>;
}

/** Appends an event to the transaction under way. */
export type RecordEvent = (
  kind: string,
  subject: string,
  data?: Readonly<Record<string, unknown>>,
) => void;

type Patch<T> = { readonly [K in keyof T]?: T[K] };

/**
 * The truth about tasks, sessions, profiles and the queue. One process writes it.
 *
 * Reads can be called any time. Every write method must be called inside `write`, which runs one IMMEDIATE transaction:
 * rows and the events that tell of them are committed together, then commit listeners are called. A throw rolls all of it back.
 * Writing outside `write` throws.
 */
export interface Store {
  /** Tells this store from those of other data folders, as eight letters and digits; a backup of it has the same. */
  readonly identity: string;
  write<T>(cause: string, work: (record: RecordEvent) => T): T;
  /** Listeners run synchronously after each commit (and after each gauge change, then with no events). */
  onCommit(
    listener: (commit: { readonly events: readonly Event[]; readonly touched: Touched }) => void,
  ): () => void;

  readonly projects: {
    list(): readonly Project[];
    find(name: ProjectName): Project | undefined;
    /** `path` must be the real path of the main checkout. */
    findByPath(path: string): Project | undefined;
    insert(project: Project): void;
    update(name: ProjectName, patch: Patch<Omit<Project, "name">>): void;
    /** Removes the project with its plans, tasks and closed queue entries. The repository is not touched. */
    remove(name: ProjectName): void;
  };
  readonly profiles: {
    list(): readonly Profile[];
    find(name: ProfileName): Profile | undefined;
    insert(
      profile: Omit<
        Profile,
        "live" | "windows" | "envNames" | "order" | "colour" | "browser" | "moves"
      > &
        Partial<Pick<Profile, "colour" | "browser" | "moves">>,
      env: Readonly<Record<string, string>>,
    ): void;
    update(
      name: ProfileName,
      patch: Patch<Omit<Profile, "name" | "live" | "windows" | "envNames" | "provider">>,
    ): void;
    remove(name: ProfileName): void;
    /** Values of the profile's own variables. They leave the core only in the environment of its sessions. */
    envOf(name: ProfileName): Readonly<Record<string, string>>;
    setEnv(name: ProfileName, env: Readonly<Record<string, string>>): void;
  };
  readonly plans: {
    list(project?: ProjectName): readonly Plan[];
    find(id: PlanId): Plan | undefined;
    insert(plan: Pick<Plan, "project" | "title" | "state">): Plan;
    setState(id: PlanId, state: PlanState): void;
  };
  readonly tasks: {
    list(filter?: {
      readonly project?: ProjectName;
      readonly plan?: PlanId;
      readonly status?: readonly TaskStatus[];
    }): readonly TaskRecord[];
    find(id: TaskId): TaskRecord | undefined;
    /** `known`: the id it had in a store that is lost. */
    insert(task: NewTask, known?: TaskId): TaskRecord;
    /** A changed `status` sets `since`. */
    update(
      id: TaskId,
      patch: Patch<Omit<TaskRecord, "id" | "project" | "createdAt" | "since">>,
    ): void;
    /** Tasks that wait for this one. */
    dependents(id: TaskId): readonly TaskRecord[];
  };
  readonly sessions: {
    list(filter?: {
      readonly project?: ProjectName;
      readonly isLive?: boolean;
      readonly task?: TaskId;
    }): readonly SessionRecord[];
    find(id: SessionId): SessionRecord | undefined;
    findByToken(token: string): SessionRecord | undefined;
    /** Refuses (`cap-full`) when the profile's effective cap is reached by live worker sessions: the cap is held here, whoever asks. */
    insert(session: NewSession): SessionRecord;
    /** A changed `state` sets `since`, and `endedAt` when it is no longer live. */
    update(
      id: SessionId,
      patch: Patch<
        Omit<
          SessionRecord,
          "id" | "kind" | "folder" | "startedAt" | "since" | "context" | "costUsd"
        >
      >,
    ): void;
  };
  readonly entries: {
    /** In the order of landing: open entries by priority and waiting, then rank; then closed ones, newest first. */
    list(filter?: {
      readonly project?: ProjectName;
      readonly isOpen?: boolean;
      readonly task?: TaskId;
    }): readonly EntryRecord[];
    find(id: EntryId): EntryRecord | undefined;
    /** `known`: the id it had in a store that is lost. */
    insert(entry: NewEntry, known?: EntryId): EntryRecord;
    /** A changed `state` sets `since`, where the patch itself does not. */
    update(
      id: EntryId,
      patch: Patch<Omit<EntryRecord, "id" | "project" | "task" | "enqueuedAt" | "position">>,
    ): void;
    /** Those of a project that were queued with one of these commits as their head, oldest first. */
    listByHeads(
      project: ProjectName,
      heads: readonly Oid[],
    ): readonly Pick<EntryRecord, "id" | "task" | "head">[];
    /** The last ones of a project that landed or were returned, newest first. */
    listDecided(project: ProjectName, count: number): readonly EntryRecord[];
    /** Puts an open entry at a 1-based position among the open ones of its project. */
    move(id: EntryId, position: number): void;
  };
  readonly asks: {
    /** In the order in which they were opened. */
    list(filter?: {
      readonly isOpen?: boolean;
      readonly session?: SessionId;
    }): readonly AskRecord[];
    find(id: AskId): AskRecord | undefined;
    findByRequest(request: string): AskRecord | undefined;
    /** The last one that was asked; closed ones count. */
    newestOf(session: SessionId): AskRecord | undefined;
    insert(ask: NewAsk): AskRecord;
    /** The first answer counts: false when it is closed already. */
    close(id: AskId, state: Exclude<AskState, "open">, note: string | null): boolean;
    countPrunable(old: OldAsks): number;
    /** Deletes those; gives how many. */
    prune(old: OldAsks): number;
  };
  readonly approvals: {
    list(project?: ProjectName): readonly Approval[];
    /** Again the same: nothing new but its end. */
    insert(
      approval: Pick<Approval, "project" | "tool" | "input"> &
        Partial<Pick<Approval, "task" | "until">>,
    ): void;
    remove(id: number): void;
  };
  readonly handoffs: {
    list(task: TaskId): readonly Handoff[];
    /** Numbers it and counts it on its task. */
    insert(handoff: Omit<Handoff, "number" | "at">): Handoff;
  };
  readonly removals: {
    list(filter?: { readonly project?: ProjectName; readonly task?: TaskId }): readonly Removal[];
    insert(removal: Omit<Removal, "id" | "at" | "restoredAt">): Removal;
    noteRestored(id: number): void;
    /** Its 30 days are over. */
    forget(id: number): void;
  };
  readonly fleet: {
    read(): Fleet;
    set(isHalted: boolean, reason: string | null): void;
  };
  readonly landings: {
    insert(landing: Omit<Landing, "id" | "state">): Landing;
    settle(id: number, state: "done" | "aborted"): void;
    listOpen(): readonly Landing[];
    listDone(project: ProjectName): readonly Landing[];
  };
  readonly verdicts: {
    /** Of one tree, newest first. */
    list(tree: Oid): readonly Verdict[];
    insert(verdict: Omit<Verdict, "at">): void;
  };
  readonly timedRuns: {
    /** Oldest first. */
    list(project: ProjectName, specHash: string): readonly TimedRunRecord[];
    /** Those of other checks of the project go. */
    insert(run: Omit<TimedRunRecord, "at">): void;
  };
  readonly tests: {
    listChecks(project: ProjectName): readonly TestCheck[];
    saveCheck(check: TestCheck): void;
    list(project: ProjectName): readonly TestHealth[];
    /** One that has no flip, no quarantine and no task goes. Its check was saved before. */
    save(health: TestHealth): void;
  };
  readonly intents: {
    open(kind: Intent["kind"], subject: string, data: Readonly<Record<string, unknown>>): Intent;
    close(id: number, outcome: string): void;
    listOpen(): readonly Intent[];
  };
  readonly events: {
    since(
      seq: number,
      options?: { readonly limit?: number; readonly subject?: string },
    ): readonly Event[];
    /** The newest `count`, oldest first. */
    newest(count: number): readonly Event[];
    lastSeq(): number;
  };
  /** High-rate numbers, in a second file; they may lose their last seconds in a power cut. Not part of `write`. */
  readonly gauges: {
    setSession(
      id: SessionId,
      gauge: {
        readonly context: Session["context"];
        readonly costUsd: number | null;
        /** Counted once, however often it is reported. */
        readonly answer?: { readonly id: string; readonly tokens: number } | null;
      },
    ): void;
    /** Tokens it has used so far that no cache held. */
    tokensOf(session: SessionId): number;
    /** What all sessions have cost since midnight, in dollars. */
    costOfToday(): number;
    /** What all sessions have cost since the day of this moment, in dollars, by what their programs say. */
    costSince(sinceMs: number): number;
    /** Null keeps what is held of a window. */
    setWindows(profile: ProfileName, windows: UsageWindows): void;
    /** They were of another login; what was measured of it before stays in the history. */
    forgetWindows(profile: ProfileName): void;
    /** Keeps a measurement for five weeks: the last of each minute, after two days of each quarter of an hour. */
    addSample(profile: ProfileName, window: WindowName, sample: UsageSample): void;
    /** Oldest first. */
    samplesOf(profile: ProfileName, window: WindowName, sinceMs: number): readonly UsageSample[];
    /** The first of those that were measured of the window that begins anew then, give or take a minute. */
    firstSampleOf(
      profile: ProfileName,
      window: WindowName,
      since: { readonly sinceMs: number; readonly resetsAt: Instant },
    ): UsageSample | undefined;
    /** Tokens that no cache held, by session, of the last days. */
    tokensSince(sinceMs: number): ReadonlyMap<SessionId, number>;
    /** Keeps how many sessions of a profile lived at most at once, by day. */
    noteLive(profile: ProfileName, live: number): void;
    /** By day, as 2026-11-21, since the day of this moment. */
    livePeaks(profile: ProfileName, sinceMs: number): ReadonlyMap<string, number>;
  };
  /** SQLite's online backup of both files' state file; returns its size in bytes. */
  backup(file: string): Promise<number>;
  close(): void;
}
