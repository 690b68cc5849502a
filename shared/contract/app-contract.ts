import { z } from "zod";
import { Approval, Ask, AskAnswer } from "../model/ask.ts";
import { BuildLock, LockRequest } from "../model/build-lock.ts";
import { Check, CheckResult } from "../model/check.ts";
import { CoreHealth } from "../model/core-health.ts";
import { Event } from "../model/event.ts";
import { Fleet } from "../model/fleet.ts";
import { Forecast, ToldClash } from "../model/forecast.ts";
import { Handoff } from "../model/handoff.ts";
import { HoursWeek } from "../model/hours.ts";
import {
  AskId,
  EntryId,
  Oid,
  PlanId,
  ProfileName,
  ProjectName,
  SessionId,
  TaskId,
} from "../model/ids.ts";
import { InboxItem } from "../model/inbox.ts";
import { COMMENTS_MAX, LineComment } from "../model/line-comment.ts";
import { ProjectMove, WorktreeRepair } from "../model/moved-places.ts";
import { AcceptedMs, PermissionMode, UnaskedMode } from "../model/permission-mode.ts";
import { Plan } from "../model/plan.ts";
import { Moves, PlanTier, Profile, ProfileColour } from "../model/profile.ts";
import { ShareableItem, ShareOutcome } from "../model/profile-sharing.ts";
import { ApprovePolicy, LandPolicy, Project, Strategy } from "../model/project.ts";
import { QueueEntry } from "../model/queue-entry.ts";
import { Removal } from "../model/removal.ts";
import { Session } from "../model/session.ts";
import { RevertPlan, UndoPlan } from "../model/take-back.ts";
import { Body, Priority, Task, Title } from "../model/task.ts";
import { UsageReport } from "../model/usage-report.ts";
import { UsageWindows } from "../model/usage-window.ts";
import type { Contract } from "./rpc.ts";

const None = z.strictObject({});
const cols = z.number().int().min(2).max(1000);
const rows = z.number().int().min(1).max(1000);
/** A project by name, or by the path of its checkout or of any folder inside it. */
const projectRef = z.string().min(1).max(4096);

/** Current rows, whole. A window that holds these and every `changed` since has the truth. */
export const Rows = z.object({
  projects: z.array(Project),
  profiles: z.array(Profile),
  plans: z.array(Plan),
  tasks: z.array(Task),
  sessions: z.array(Session),
  entries: z.array(QueueEntry),
  /** In a snapshot the open ones; in a change also those that were just closed. */
  asks: z.array(Ask),
  /** One row. */
  fleet: z.array(Fleet),
});
export type Rows = z.infer<typeof Rows>;

export const Changed = z.object({
  /** The newest event taken into account. Gauges (context, cost, windows) change without one. */
  seq: z.number().int().nonnegative(),
  events: z.array(Event),
  rows: Rows.partial(),
  removed: z.object({ projects: z.array(ProjectName), profiles: z.array(ProfileName) }),
});
export type Changed = z.infer<typeof Changed>;

export const Snapshot = z.object({
  seq: z.number().int().nonnegative(),
  rows: Rows,
  recent: z.array(Event),
});
export type Snapshot = z.infer<typeof Snapshot>;

export const Status = z.object({
  core: z.object({ pid: z.number().int(), version: z.string(), uptimeS: z.number() }).nullable(),
  profiles: z.array(
    z.object({
      name: ProfileName,
      plan: PlanTier,
      state: Profile.shape.state,
      cap: z.number().int(),
      learnedCap: z.number().int().nullable(),
      live: z.number().int(),
      windows: UsageWindows,
    }),
  ),
  projects: z.array(
    z.object({
      name: ProjectName,
      path: z.string(),
      target: z.string(),
      tasks: z.record(z.string(), z.number().int()),
      queue: z.object({ state: z.enum(["running", "paused"]), length: z.number().int() }),
    }),
  ),
  sessions: z.record(z.string(), z.number().int()),
  fleet: Fleet,
  health: CoreHealth,
  /** Who holds build slots, and who waits for one. */
  locks: z.array(BuildLock),
  /** What is wrong with settings files now, one text a file with its lines; what they said before is in force. */
  settingsProblems: z.array(z.string()),
});
export type Status = z.infer<typeof Status>;

/** One thing the doctor looked at. */
export const Finding = z.object({
  name: z.string(),
  result: z.enum(["good", "warning", "bad"]),
  detail: z.string(),
  /** What to do about it; null where nothing needs doing. */
  fix: z.string().nullable(),
});
export type Finding = z.infer<typeof Finding>;

export const ProfileCheck = z.object({ profile: Profile, findings: z.array(Finding) });

/** Why a task is not running, one sentence for each thing in its way; empty while it is worked on or has landed. */
export const TaskWhy = z.object({
  task: Task,
  reasons: z.array(
    z.object({ kind: z.string(), text: z.string(), subject: z.string().nullable() }),
  ),
  /** What its branch will conflict with, also while it is worked on. */
  clashes: z.array(ToldClash),
});
export type TaskWhy = z.infer<typeof TaskWhy>;

/** What would happen with one task of a plan, by its profiles as they are now. */
export const PlacementStep = z.object({
  task: TaskId,
  title: z.string(),
  /** 1: at once; 2: when all of the first round has landed, and so on. 0: under way. Null: not by itself. */
  round: z.number().int().nonnegative().nullable(),
  profile: ProfileName.nullable(),
  strategy: z.string().nullable(),
  /** Why this profile. */
  reason: z.string().nullable(),
  /** Why it does not start at once; empty when it does. */
  waitsFor: TaskWhy.shape.reasons,
});
export type PlacementStep = z.infer<typeof PlacementStep>;

const Changes = z.object({
  files: z.array(z.string()),
  count: z.number().int(),
  settled: z.enum(["carry", "leave"]).nullable(),
});

const profileSettings = {
  plan: PlanTier.optional(),
  cap: z
    .number()
    .int("a cap is a whole number")
    .min(1, "a cap is at least 1; to give a profile no work, disable it")
    .max(100)
    .optional(),
  executable: z.string().max(4096).optional(),
  colour: ProfileColour.nullable().optional(),
  /** The command that shows its sign-in page, words as in a shell; empty: none. */
  browser: z.string().max(4096).optional(),
  /** Beside the variables it has; an empty value takes one away. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(8192)).optional(),
  isDisabled: z.boolean().optional(),
  moves: Moves.optional(),
  order: z.number().int().optional(),
};

const projectSettings = {
  target: z.string().min(1).max(250).optional(),
  checks: z.array(Check).max(20).optional(),
  withoutChecks: z.boolean().optional(),
  land: LandPolicy.optional(),
  approve: ApprovePolicy.optional(),
  strategy: Strategy.optional(),
  maxWorkers: z.number().int().min(1).max(100).optional(),
};

const taskFields = {
  body: Body.optional(),
  priority: Priority.optional(),
  after: z.array(TaskId).max(200).optional(),
  labels: z.array(z.string().max(60)).max(20).optional(),
  paths: z.array(z.string().max(500)).max(100).optional(),
  pinnedProfile: ProfileName.nullable().optional(),
  model: z.string().max(100).nullable().optional(),
  /** A mode in which nothing is asked is thereby accepted for this task, for `acceptedMs`. */
  permissionMode: PermissionMode.nullable().optional(),
  acceptedMs: AcceptedMs.optional(),
  acceptance: z.array(Check).max(10).optional(),
};

/** Everything a window or the command line can ask of the core. */
export const appContract = {
  calls: {
    "app.info": {
      in: None,
      out: z.object({
        version: z.string(),
        pid: z.number().int(),
        shell: z.enum(["desktop", "web", "offline"]),
        home: z.string(),
        startedAt: z.string(),
        /** Milliseconds from start to first answer. */ bootMs: z.number(),
      }),
    },
    "app.status": { in: z.strictObject({ project: projectRef.optional() }), out: Status },
    /**
     * The rows as they are; `changed` follows on this connection from `seq` on, without a gap or a repeat. `health` and `locks` come
     * at once and with every change.
     */
    "app.watch": { in: None, out: Snapshot },
    "app.events": {
      in: z.strictObject({
        since: z.number().int().nonnegative(),
        limit: z.number().int().min(1).max(5000).optional(),
        subject: z.string().optional(),
      }),
      out: z.array(Event),
    },
    "app.doctor": { in: None, out: z.array(Finding) },
    "app.stop": { in: z.strictObject({ keepSessions: z.boolean() }), out: None },
    "app.backup": {
      in: z.strictObject({ file: z.string() }),
      out: z.object({ file: z.string(), bytes: z.number() }),
    },
    /** A fresh one-time link to the window in a browser; null in a shell that serves none. */
    "app.link": { in: None, out: z.object({ url: z.string().nullable() }) },

    "project.add": {
      in: z.strictObject({
        path: z.string().min(1).max(4096),
        name: ProjectName.optional(),
        ...projectSettings,
      }),
      out: Project,
    },
    "project.list": { in: None, out: z.array(Project) },
    "project.hours": { in: z.strictObject({ project: projectRef }), out: HoursWeek },
    "project.show": { in: z.strictObject({ project: projectRef }), out: Project },
    "project.set": {
      in: z.strictObject({ project: projectRef, ...projectSettings }),
      out: Project,
    },
    /** Lets workers of this project run in a mode in which they ask nothing, or no longer. It is an approval, which ends. */
    "project.accept-mode": {
      in: z.strictObject({
        project: projectRef,
        mode: UnaskedMode,
        isAccepted: z.boolean(),
        acceptedMs: AcceptedMs.optional(),
      }),
      out: z.object({ approval: Approval.nullable() }),
    },
    /**
     * Files of the person's own checkout that are changed and not committed, which no new worktree has and nobody has chosen for.
     * `settled` is the choice that is in force for those that are there.
     */
    "project.changes": {
      in: z.strictObject({ project: projectRef }),
      out: Changes,
    },
    /** `carry`: new worktrees get them as uncommitted changes; `leave`: they do not, and nobody is asked again about these. */
    "project.settle-changes": {
      in: z.strictObject({
        project: projectRef,
        choice: z.enum(["commit", "stash", "carry", "leave"]),
        message: z.string().min(1).max(5_000).optional(),
      }),
      out: Changes,
    },
    /** Points a project to where its repository was moved, and its worktrees with it. Another repository, or a copy, is refused. */
    "project.move": {
      in: z.strictObject({
        project: projectRef,
        path: z.string().min(1).max(4096),
        isPreview: z.boolean(),
      }),
      out: ProjectMove,
    },
    "project.remove": { in: z.strictObject({ project: projectRef }), out: None },

    "profile.add": {
      in: z.strictObject({
        name: ProfileName,
        dir: z.string().max(4096).optional(),
        ...profileSettings,
        plan: PlanTier,
      }),
      out: Profile,
    },
    /** Folders that look like profiles and are not yet known. Nothing is moved or read but its presence. */
    "profile.find": {
      in: None,
      out: z.array(
        z.object({
          dir: z.string(),
          name: ProfileName,
          source: z.string(),
          /** Why it cannot be taken over as it is, with the way out. */
          problem: z.string().nullable(),
        }),
      ),
    },
    /** `dirs` are config folders, or scripts that set CLAUDE_CONFIG_DIR; without any, those that are found. */
    "profile.import": {
      in: z.strictObject({ dirs: z.array(z.string()).optional(), plan: PlanTier.optional() }),
      out: z.array(Profile),
    },
    "profile.list": { in: None, out: z.array(Profile) },
    "profile.show": { in: z.strictObject({ name: ProfileName }), out: Profile },
    "profile.set": { in: z.strictObject({ name: ProfileName, ...profileSettings }), out: Profile },
    "profile.check": { in: z.strictObject({ name: ProfileName }), out: ProfileCheck },
    /** Copies from one profile's folder into another's what is named; what is there already stays. Never a login, a key or a hook. */
    "profile.share": {
      in: z.strictObject({
        name: ProfileName,
        from: ProfileName,
        items: z.array(ShareableItem).min(1),
      }),
      out: ShareOutcome,
    },
    /**
     * Starts the provider's own login in a pane, or answers with the one that runs; the session's `link` and `codeLink` fill when
     * the program asks for a browser.
     */
    "profile.login": { in: z.strictObject({ name: ProfileName }), out: Session },
    /** Types the code that the sign-in page showed into the login that runs. */
    "profile.send-code": {
      in: z.strictObject({ name: ProfileName, code: z.string().min(1).max(4096) }),
      out: None,
    },
    "profile.logout": { in: z.strictObject({ name: ProfileName }), out: Profile },
    "profile.remove": { in: z.strictObject({ name: ProfileName }), out: None },
    "profile.wrapper": {
      in: z.strictObject({ name: ProfileName, out: z.string() }),
      out: z.object({ file: z.string() }),
    },

    /** What was measured of usage windows in the last hours (a week), who used them, and advice on plans. */
    "usage.read": {
      in: z.strictObject({
        profile: ProfileName.optional(),
        hours: z.number().int().min(1).max(840).optional(),
      }),
      out: UsageReport,
    },

    "plan.create": {
      in: z.strictObject({
        project: projectRef,
        title: Title,
        isDraft: z.boolean().optional(),
      }),
      out: Plan,
    },
    "plan.list": { in: z.strictObject({ project: projectRef.optional() }), out: z.array(Plan) },
    "plan.show": {
      in: z.strictObject({ plan: PlanId }),
      out: z.object({ plan: Plan, tasks: z.array(Task) }),
    },
    /** What would happen with its open tasks if it were active now, in the order in which they would start. */
    "plan.placement": { in: z.strictObject({ plan: PlanId }), out: z.array(PlacementStep) },
    "plan.activate": { in: z.strictObject({ plan: PlanId }), out: Plan },
    "plan.pause": { in: z.strictObject({ plan: PlanId }), out: Plan },
    "plan.cancel": { in: z.strictObject({ plan: PlanId }), out: Plan },

    "task.create": {
      in: z.strictObject({
        project: projectRef,
        plan: PlanId.optional(),
        title: Title,
        ...taskFields,
      }),
      out: Task,
    },
    "task.list": {
      in: z.strictObject({ project: projectRef.optional(), plan: PlanId.optional() }),
      out: z.array(Task),
    },
    "task.show": { in: z.strictObject({ task: TaskId }), out: Task },
    "task.edit": {
      in: z.strictObject({ task: TaskId, title: Title.optional(), ...taskFields }),
      out: Task,
    },
    "task.why": { in: z.strictObject({ task: TaskId }), out: TaskWhy },
    "task.retry": {
      in: z.strictObject({ task: TaskId, note: z.string().max(20_000).optional() }),
      out: Task,
    },
    "task.cancel": { in: z.strictObject({ task: TaskId }), out: Task },
    "task.handoffs": { in: z.strictObject({ task: TaskId }), out: z.array(Handoff) },
    /** Keeps all that is in the task's worktree in git and takes the worktree away; refused while a session lives in it. */
    "task.remove-worktree": {
      in: z.strictObject({ task: TaskId, isSure: z.boolean().optional() }),
      out: Removal,
    },
    /** Puts a removed worktree back as it was, uncommitted files included. */
    "task.restore-worktree": { in: z.strictObject({ task: TaskId }), out: Task },
    /** For a worktree that somebody moved: git and the task know it at its new place. `at`: where, when it is not near by. */
    "task.repair-worktree": {
      in: z.strictObject({
        task: TaskId,
        at: z.string().min(1).max(4096).optional(),
        isPreview: z.boolean(),
      }),
      out: WorktreeRepair,
    },
    "task.removals": {
      in: z.strictObject({ project: projectRef.optional() }),
      out: z.array(Removal),
    },
    /**
     * Reads `- [ ] title` lines as tasks; an indented line below one is its body. Refused (`name-taken`) as a whole when one of
     * them is an open task already, unless `isAgain`.
     */
    "task.import": {
      in: z.strictObject({
        project: projectRef,
        plan: PlanId.optional(),
        text: z.string().max(1_000_000),
        isAgain: z.boolean().optional(),
      }),
      out: z.array(Task),
    },

    "session.list": {
      in: z.strictObject({ project: projectRef.optional() }),
      out: z.array(Session),
    },
    "session.show": { in: z.strictObject({ session: SessionId }), out: Session },
    "session.log": {
      in: z.strictObject({
        session: SessionId,
        from: z.number().int().nonnegative(),
        maxBytes: z
          .number()
          .int()
          .positive()
          .max(1 << 20),
      }),
      out: z.object({ base64: z.string(), end: z.number().int() }),
    },
    /** The last lines of its screen, as text. */
    "session.peek": {
      in: z.strictObject({ session: SessionId, lines: z.number().int().positive().max(1000) }),
      out: z.object({ lines: z.array(z.string()) }),
    },
    /**
     * Pastes a message and sends it; answers once the provider has confirmed it, refuses while a dialog is open. An ended session
     * goes on with it in a new one, which is the `session` of the answer.
     */
    "session.send": {
      in: z.strictObject({ session: SessionId, text: z.string().min(1).max(100_000) }),
      out: z.object({ session: SessionId, isDelivered: z.boolean() }),
    },
    "session.interrupt": { in: z.strictObject({ session: SessionId }), out: Session },
    "session.stop": { in: z.strictObject({ session: SessionId }), out: Session },
    /** Starts a new session that continues the conversation of an ended one. */
    "session.respawn": { in: z.strictObject({ session: SessionId }), out: Session },
    /**
     * Lets the conversation of a session that waits for a limit go on at another profile; both must allow it. Answers with the
     * session that goes on with it there. Until that was answered it is a try, and goes back if it is not.
     */
    "session.move": {
      in: z.strictObject({ session: SessionId, profile: ProfileName }),
      out: Session,
    },
    "session.pin": {
      in: z.strictObject({ session: SessionId, isPinned: z.boolean() }),
      out: Session,
    },
    "session.name": {
      in: z.strictObject({ session: SessionId, name: z.string().min(1).max(80) }),
      out: Session,
    },

    "session.label": {
      in: z.strictObject({
        session: SessionId,
        labels: z.array(z.string().min(1).max(60)).max(20),
      }),
      out: Session,
    },
    /** Stops it if it lives and continues its conversation in a new session. */
    "session.restart": { in: z.strictObject({ session: SessionId }), out: Session },

    /** Everything that waits for the person, the oldest first. */
    "inbox.list": {
      in: z.strictObject({ project: projectRef.optional() }),
      out: z.array(InboxItem),
    },
    /** Refused (`wrong-state`) when somebody else has answered it. */
    "ask.answer": { in: z.strictObject({ ask: AskId, answer: AskAnswer }), out: Ask },
    "approval.list": {
      in: z.strictObject({ project: projectRef.optional() }),
      out: z.array(Approval),
    },
    "approval.remove": { in: z.strictObject({ approval: z.number().int().positive() }), out: None },

    /** Ends every session, hands out nothing more and lands nothing until `fleet.resume`; answers when all are gone. */
    "fleet.halt": { in: z.strictObject({ reason: z.string().max(500).optional() }), out: Fleet },
    /** `atRest`: how many sessions waited for the person when they were stopped, and go on at a message only. */
    "fleet.resume": {
      in: None,
      out: Fleet.extend({ wasHalted: z.boolean(), atRest: z.number().int() }),
    },

    /**
     * Answers when the process may run its command; its claim ends with `lock.leave`, or with the process itself. One that has lost
     * its connection says so on its next one: `isRunning`, or it goes on waiting. `inside`: the ticket that its caller runs under; where that holds a slot of
     * the same lock the command runs in it, and the answer names it.
     */
    "lock.take": {
      in: z.strictObject({
        ...LockRequest.shape,
        isRunning: z.boolean(),
        inside: LockRequest.shape.ticket.nullable(),
      }),
      out: z.object({ ticket: LockRequest.shape.ticket }),
    },
    "lock.leave": { in: z.strictObject({ ticket: LockRequest.shape.ticket }), out: None },
    "lock.list": { in: None, out: z.array(BuildLock) },

    /** Opens a byte stream of terminal frames (see terminal-frame.ts), beginning with a snapshot. */
    "terminal.attach": {
      in: z.strictObject({ session: SessionId, isFocused: z.boolean() }),
      out: z.object({ stream: z.number().int() }),
    },
    "terminal.focus": {
      in: z.strictObject({ stream: z.number().int(), isFocused: z.boolean() }),
      out: None,
    },
    "terminal.detach": { in: z.strictObject({ stream: z.number().int() }), out: None },
    "terminal.resize": { in: z.strictObject({ session: SessionId, cols, rows }), out: None },

    "queue.list": {
      in: z.strictObject({ project: projectRef.optional(), isWithClosed: z.boolean().optional() }),
      out: z.array(QueueEntry),
    },
    /** What was last found out of branches that are worked on and queued; `forecast` tells windows of every change. */
    "queue.forecast": { in: z.strictObject({ project: projectRef }), out: Forecast },
    "queue.show": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
    "queue.diff": {
      in: z.strictObject({ entry: EntryId }),
      out: z.object({ from: Oid, to: Oid, patch: z.string(), isCut: z.boolean() }),
    },
    /** Output of the check that runs now, or ran last, from a byte offset on. */
    "queue.log": {
      in: z.strictObject({ entry: EntryId, from: z.number().int().nonnegative() }),
      out: z.object({ text: z.string(), end: z.number().int(), results: z.array(CheckResult) }),
    },
    "queue.approve": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
    "queue.return": {
      in: z
        .strictObject({
          entry: EntryId,
          note: z.string().max(20_000),
          comments: z.array(LineComment).max(COMMENTS_MAX).optional(),
        })
        .refine(
          ({ note, comments }) => note.trim() !== "" || (comments?.length ?? 0) > 0,
          "say what has to change: a note, or a comment on a line",
        ),
      out: QueueEntry,
    },
    "queue.hold": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
    "queue.release": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
    "queue.retry": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
    "queue.remove": { in: z.strictObject({ entry: EntryId }), out: QueueEntry },
    "queue.move": {
      in: z.strictObject({ entry: EntryId, position: z.number().int().min(1) }),
      out: QueueEntry,
    },
    /** What a revert would take back, and what came after it. */
    "queue.revertPlan": { in: z.strictObject({ entry: EntryId }), out: RevertPlan },
    /** Puts the revert of a landed entry into the queue. `isAnyway`: although later work may build on it. */
    "queue.revert": {
      in: z.strictObject({ entry: EntryId, isAnyway: z.boolean().optional() }),
      out: QueueEntry,
    },
    /** What undoing the last landing would take off the target. */
    "queue.undoPlan": { in: z.strictObject({ project: projectRef }), out: UndoPlan },
    /** Gives the entries whose landing was undone. `isAnyway`: although open work began on top of it. */
    "queue.undo": {
      in: z.strictObject({ project: projectRef, isAnyway: z.boolean().optional() }),
      out: z.array(QueueEntry),
    },
    /** Pushes now what has landed and is not on the remote; the project says what came of it. */
    "queue.push": { in: z.strictObject({ project: projectRef }), out: Project },
    "queue.pause": { in: z.strictObject({ project: projectRef }), out: Project },
    "queue.resume": { in: z.strictObject({ project: projectRef }), out: Project },
  },
  events: { changed: Changed, forecast: Forecast, health: CoreHealth, locks: z.array(BuildLock) },
} as const satisfies Contract;
export type AppContract = typeof appContract;
