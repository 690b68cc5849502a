import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers, Parsed } from "../../../shared/contract/rpc.ts";
import type { ToldClash } from "../../../shared/model/forecast.ts";
import type { PlanId, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { Plan, PlanState } from "../../../shared/model/plan.ts";
import type { Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { DEFAULT_PRIORITY, isOver, type Task } from "../../../shared/model/task.ts";
import type { NewTask, Store, TaskRecord } from "../store/store.ts";
import { describeHalt } from "../supervisor/fleet-halt.ts";
import type { AheadStep } from "../supervisor/look-ahead.ts";
import type { TaskSteps } from "../supervisor/task-steps.ts";
import { explainTask, type Reason } from "../task/explain-task.ts";
import { findCycle } from "../task/find-cycle.ts";
import { joinHandback } from "../task/join-handback.ts";
import type { DispatchPlan } from "../task/plan-dispatch.ts";
import { isRetryable } from "../task/task-machine.ts";
import { isAtRest } from "../worker/stop-reasons.ts";
import { type AcceptParts, settleTaskMode } from "./accepted-modes.ts";
import { explainEntry } from "./explain-entry.ts";
import { findProject } from "./find-project.ts";
import { readImport } from "./read-import.ts";

export interface TaskParts extends AcceptParts {
  readonly steps: TaskSteps;
  readonly planNow: () => DispatchPlan;
  /** Why no profile takes the task now; null when one would. */
  readonly noPlaceFor: (task: TaskRecord) => readonly Reason[] | null;
  readonly lookAhead: (plan: PlanId) => readonly AheadStep[];
  /** What is forecast of its branch. */
  readonly clashesOf: (task: TaskRecord) => readonly ToldClash[];
  /** What stops dispatch as a whole. */
  readonly halted: () => Reason | null;
  /** Stops the session that holds a task, if one lives, and waits until it is gone. */
  readonly endSessionOf: (task: TaskRecord) => Promise<void>;
  /** Takes its branch out of the queue, inside the transaction that cancels it; refused while it lands. */
  readonly removeEntryOf: (task: TaskId) => void;
}

type TaskCalls =
  | "plan.create"
  | "plan.list"
  | "plan.show"
  | "plan.placement"
  | "plan.activate"
  | "plan.pause"
  | "plan.cancel"
  | "task.create"
  | "task.list"
  | "task.show"
  | "task.edit"
  | "task.why"
  | "task.retry"
  | "task.cancel"
  | "task.import";

/** What the next session is told when the person retries a task without a word. */
const GO_ON =
  "The person sent this task out again. Look at git status and git log in your worktree, then go on with the task and finish it.";

export function handleTasks(parts: TaskParts): Pick<Handlers<AppContract>, TaskCalls> {
  const { store, steps } = parts;
  return {
    "plan.create": ({ project, title, isDraft }) => {
      const { name } = findProject(store, project);
      return store.write("person", (record) => {
        const plan = store.plans.insert({
          project: name,
          title,
          state: isDraft ? "draft" : "active",
        });
        record("plan.created", plan.id, { title, state: plan.state });
        return plan;
      });
    },
    "plan.list": ({ project }) => [
      ...store.plans.list(project === undefined ? undefined : findProject(store, project).name),
    ],
    "plan.show": ({ plan }) => ({
      plan: requirePlan(store, plan),
      tasks: [...store.tasks.list({ plan })],
    }),
    "plan.placement": ({ plan }) => {
      requirePlan(store, plan);
      return parts.lookAhead(plan).map(({ task, round, placement, waitsFor }) => ({
        task,
        title: steps.require(task).title,
        round,
        profile: placement?.profile ?? steps.require(task).profile,
        strategy: placement?.strategy ?? null,
        reason: placement?.reason ?? null,
        waitsFor: [...waitsFor],
      }));
    },
    "plan.activate": ({ plan }) => setPlanState(parts, plan, "active"),
    "plan.pause": ({ plan }) => setPlanState(parts, plan, "paused"),
    "plan.cancel": async ({ plan }) => {
      const cancelled = setPlanState(parts, plan, "cancelled");
      const open = store.tasks.list({ plan }).filter((task) => !isOver(task.status));
      // All are cancelled before the first session has ended; one that cannot be keeps none of the others.
      await Promise.all(open.map((task) => cancelTask(parts, task.id)));
      return cancelled;
    },

    "task.create": (input) => createTask(parts, findProject(store, input.project).name, input),
    "task.list": ({ project, plan }) => [
      ...store.tasks.list({
        ...(project === undefined ? {} : { project: findProject(store, project).name }),
        ...(plan === undefined ? {} : { plan }),
      }),
    ],
    "task.show": ({ task }) => steps.require(task),
    "task.edit": (input) => editTask(parts, input),
    "task.why": ({ task: id }) => {
      const task = steps.require(id);
      return { task, reasons: [...explain(parts, task)], clashes: [...parts.clashesOf(task)] };
    },
    "task.retry": async ({ task: id, note }) => {
      const task = steps.require(id);
      // Looked at first: a task that goes on by itself must not lose its session to the question.
      if (!isRetryable(task.status)) throw notRetryable(task);
      await parts.endSessionOf(task);
      const before = steps.require(id);
      const isFresh = note === undefined && before.attempts === 0;
      const extra = isFresh
        ? {}
        : { handback: joinHandback(before.handback, note ?? null) ?? GO_ON };
      steps.apply(id, { kind: "retry-asked" }, "person", extra);
      if (steps.require(id).status === before.status) throw notRetryable(before);
      steps.survey(id, "person");
      return steps.require(id);
    },
    "task.cancel": ({ task }) => cancelTask(parts, task),
    "task.import": ({ project, plan, text, isAgain = false }) => {
      const { name } = findProject(store, project);
      const listed = readImport(text, store.tasks.list({ project: name }), isAgain);
      return store.write("person", () =>
        listed.map(({ title, body }) =>
          createTask(parts, name, { title, body, ...(plan === undefined ? {} : { plan }) }),
        ),
      );
    },
  };
}

function notRetryable({ id, status }: TaskRecord): SwitchyardError {
  return new SwitchyardError(
    "wrong-state",
    `${id} is ${status}; only a task that failed, waits for you, is parked or was cancelled can be retried.`,
  );
}

type TaskFields = Omit<Parsed<AppContract, "task.create">, "project">;

function createTask(parts: TaskParts, project: ProjectName, fields: TaskFields): Task {
  const { store, steps } = parts;
  const { plan: planId, title } = fields;
  return store.write("person", (record) => {
    const plan = planId === undefined ? undefined : requirePlan(store, planId);
    if (plan && plan.project !== project)
      throw new SwitchyardError(
        "bad-input",
        `The plan ${plan.id} belongs to ${plan.project}, not to ${project}.`,
      );
    if (plan?.state === "cancelled")
      throw new SwitchyardError(
        "wrong-state",
        `The plan ${plan.id} was cancelled.`,
        `Activate it with: switchyard plan activate ${plan.id}`,
      );
    requireTasks(store, project, fields.after ?? []);
    requireProfile(store, fields.pinnedProfile ?? null);
    const created: NewTask = {
      project,
      plan: planId ?? null,
      title,
      body: fields.body ?? "",
      status: "draft",
      reason: null,
      priority: fields.priority ?? DEFAULT_PRIORITY,
      after: [...new Set(fields.after ?? [])],
      labels: fields.labels ?? [],
      paths: fields.paths ?? [],
      pinnedProfile: fields.pinnedProfile ?? null,
      model: fields.model ?? null,
      permissionMode: fields.permissionMode ?? null,
      acceptance: fields.acceptance ?? [],
    };
    const task = store.tasks.insert(created);
    record("task.created", task.id, { title, project });
    settleTaskMode(parts, record, task, fields);
    steps.survey(task.id, "person");
    return steps.require(task.id);
  });
}

function editTask(
  parts: TaskParts,
  { task: id, acceptedMs, ...fields }: Parsed<AppContract, "task.edit">,
): Task {
  const { store, steps } = parts;
  return store.write("person", (record) => {
    const task = steps.require(id);
    if (task.status === "landed")
      throw new SwitchyardError("wrong-state", `${id} has landed; make a new task instead.`);
    if (fields.after) {
      requireTasks(store, task.project, fields.after);
      const cycle = findCycle(id, fields.after, (other) => store.tasks.find(other)?.after ?? []);
      if (cycle)
        throw new SwitchyardError(
          "cycle",
          `This would close a cycle: ${cycle.join(" waits for ")}.`,
          "Leave one of these dependencies out.",
        );
    }
    requireProfile(store, fields.pinnedProfile ?? null);
    const changed = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== undefined),
    );
    store.tasks.update(id, changed);
    settleTaskMode(parts, record, task, { ...fields, acceptedMs });
    record("task.edited", id, { fields: Object.keys(changed) });
    steps.survey(id, "person");
    return steps.require(id);
  });
}

async function cancelTask(parts: TaskParts, id: TaskId): Promise<Task> {
  const task = parts.steps.require(id);
  if (task.status === "landed")
    throw new SwitchyardError(
      "wrong-state",
      `${id} has landed and cannot be cancelled.`,
      "Take it back with: switchyard queue revert",
    );
  const effects = parts.store.write("person", () => {
    const asked = parts.steps.apply(id, { kind: "cancel-asked" }, "person");
    if (asked.some((effect) => effect.kind === "remove-entry")) parts.removeEntryOf(id);
    return asked;
  });
  if (effects.some((effect) => effect.kind === "end-session")) await parts.endSessionOf(task);
  return parts.steps.require(id);
}

function explain(parts: TaskParts, task: TaskRecord): readonly Reason[] {
  const { store } = parts;
  const entry = store.entries.list({ task: task.id, isOpen: true })[0];
  const halt = describeHalt(store.fleet.read());
  return explainTask({
    task,
    find: (id) => store.tasks.find(id),
    plan: parts.planNow(),
    noPlace: task.status === "ready" ? parts.noPlaceFor(task) : null,
    session: explainSession(task.session ? store.sessions.find(task.session) : undefined),
    entry: entry ? explainEntry(entry, halt) : null,
    halted: parts.halted(),
  });
}

function explainSession(session: Session | undefined): Reason | null {
  if (!session || session.reason === null) return null;
  if (isAtRest(session))
    return {
      kind: "at-rest",
      text: `Its session ${session.id} is stopped: ${session.reason}.`,
      subject: session.id,
    };
  if (session.state !== "starting") return null;
  return {
    kind: "starting",
    text: `Its session ${session.id} ${session.reason}.`,
    subject: session.id,
  };
}

function setPlanState({ store }: TaskParts, id: PlanId, state: PlanState): Plan {
  return store.write("person", (record) => {
    const plan = requirePlan(store, id);
    if (plan.state !== state) {
      store.plans.setState(id, state);
      record("plan.state", id, { from: plan.state, to: state });
    }
    return requirePlan(store, id);
  });
}

function requirePlan(store: Store, id: PlanId): Plan {
  const plan = store.plans.find(id);
  if (!plan)
    throw new SwitchyardError("not-found", `There is no plan ${id}.`, "See: switchyard plan list");
  return plan;
}

function requireTasks(store: Store, project: ProjectName, ids: readonly TaskId[]): void {
  for (const id of ids) {
    if (store.tasks.find(id)?.project !== project)
      throw new SwitchyardError(
        "not-found",
        `There is no task ${id} in ${project} to wait for.`,
        "See: switchyard task list",
      );
  }
}

function requireProfile(store: Store, name: TaskRecord["pinnedProfile"]): void {
  if (name && !store.profiles.find(name))
    throw new SwitchyardError(
      "unknown-profile",
      `There is no profile ${name}.`,
      "See: switchyard profile list",
    );
}
