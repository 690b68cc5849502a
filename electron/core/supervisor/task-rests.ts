import type { Instant, TaskId } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { TaskRecord } from "../store/store.ts";
import { backOffMs } from "./plan-recovery.ts";

interface Rest {
  readonly since: Instant;
  readonly overAtMs: number;
}

/**
 * How long tasks rest after their sessions ended abnormally. Counted by the clock that never jumps, from when a rest is first
 * looked at: a wall clock that is set while a task rests neither ends nor prolongs it.
 */
export class TaskRests {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #rests = new Map<TaskId, Rest>();
  /** By the clock that never jumps, like `overAtMs`. */
  #callsAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Milliseconds; 0 when it does not rest. */
  leftMs(task: Pick<TaskRecord, "id" | "failures" | "since">): number {
    if (task.failures === 0) {
      this.#rests.delete(task.id);
      return 0;
    }
    const rest = this.#rests.get(task.id);
    const { overAtMs } = rest?.since === task.since ? rest : this.#begin(task);
    return Math.max(0, overAtMs - this.#clock.monotonicMs());
  }

  /** Calls when the first of the rests that were looked at is over: one timer for all of them, however often it is asked. */
  atFirstEnd(call: () => void, signal: AbortSignal): void {
    const nowMs = this.#clock.monotonicMs();
    const ends = [...this.#rests.values()].map(({ overAtMs }) => overAtMs);
    const atMs = Math.min(...ends.filter((end) => end > nowMs), Number.POSITIVE_INFINITY);
    if (atMs >= this.#callsAtMs) return;
    this.#callsAtMs = atMs;
    this.#clock.wait(atMs - nowMs, signal).then(
      () => {
        if (this.#callsAtMs === atMs) this.#callsAtMs = Number.POSITIVE_INFINITY;
        call();
      },
      () => undefined,
    );
  }

  #begin(task: Pick<TaskRecord, "id" | "failures" | "since">): Rest {
    const wholeMs = backOffMs(task.failures, this.#random());
    // An earlier core may have let some of it pass; a clock that was set since must not count as more than none or all of it.
    const passedMs = this.#clock.now().getTime() - Date.parse(task.since);
    const leftMs = wholeMs - Math.min(Math.max(passedMs, 0), wholeMs);
    const rest = { since: task.since, overAtMs: this.#clock.monotonicMs() + leftMs };
    this.#rests.set(task.id, rest);
    return rest;
  }
}
