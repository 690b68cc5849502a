import type { TaskId } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { isHeld, stepTask, type TaskEffect, type TaskEvent } from "../task/task-machine.ts";

/**
 * Moves tasks along their machine: the new state, what else changes with it, and the event that tells of it are one transaction.
 * Returns the effects that are still to be carried out.
 */
export class TaskSteps {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  apply(
    id: TaskId,
    event: TaskEvent,
    cause: string,
    extra: Partial<TaskRecord> = {},
  ): readonly TaskEffect[] {
    const store = this.#store;
    const task = this.require(id);
    const step = stepTask(
      { status: task.status, reason: task.reason, failures: task.failures },
      event,
    );
    const { status, reason, failures } = step.state;
    const isChanged =
      status !== task.status || reason !== task.reason || failures !== task.failures;
    // Most of what sessions signal changes nothing for their task, and then nothing is written.
    if (!isChanged) return step.effects;
    store.write(cause, (record) => {
      store.tasks.update(id, { ...extra, status, reason, failures });
      record("task.status", id, { from: task.status, to: status, reason, title: task.title });
    });
    return step.effects;
  }

  /** The task that a session works on. One that has handed its work in, or over, holds it no more, whatever becomes of the work. */
  heldBy(session: SessionRecord): TaskRecord | undefined {
    const task = session.task ? this.#store.tasks.find(session.task) : undefined;
    if (task?.session !== session.id || !isHeld(task.status)) return undefined;
    const handoffs = task.handoffs === 0 ? [] : this.#store.handoffs.list(task.id);
    if (handoffs.some((handoff) => handoff.session === session.id)) return undefined;
    const entries = this.#store.entries.list({ task: task.id });
    return entries.some((entry) => entry.attempt === task.attempts) ? undefined : task;
  }

  require(id: TaskId): TaskRecord {
    const task = this.#store.tasks.find(id);
    if (!task)
      throw new SwitchyardError(
        "not-found",
        `There is no task ${id}.`,
        "See: switchyard task list",
      );
    return task;
  }

  /** Sets draft, waiting or ready as the plan and the dependencies say. */
  survey(id: TaskId, cause: string): void {
    const task = this.#store.tasks.find(id);
    if (!task || !["draft", "waiting", "ready"].includes(task.status)) return;
    const plan = task.plan ? this.#store.plans.find(task.plan) : undefined;
    const waitsFor = task.after.filter(
      (needed) => this.#store.tasks.find(needed)?.status !== "landed",
    );
    this.apply(id, { kind: "surveyed", isDraft: plan?.state === "draft", waitsFor }, cause);
  }
}
