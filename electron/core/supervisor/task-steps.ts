import type { TaskId } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Store, TaskRecord } from "../store/store.ts";
import { stepTask, type TaskEffect, type TaskEvent } from "../task/task-machine.ts";

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
