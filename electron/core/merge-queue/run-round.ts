import type { Project } from "../../../shared/model/project.ts";
import type { Clock } from "../base/clock.ts";
import type { RunCommand } from "./check-runner.ts";
import type { TimedRun } from "./plan-parallel-checks.ts";

/** When a command ran, by the clock that never jumps; waiting for a build slot is no part of it. */
interface Span {
  readonly command: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One run of checks on one tree, among those of its round. */
export class RunTimer {
  readonly spans: Span[] = [];
  /** It passed, and the machine was awake all the while. */
  isCounting = false;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  timing(run: RunCommand): RunCommand {
    return async (command, options) => {
      const ended = await run(command, options);
      const toMs = this.#clock.monotonicMs();
      this.spans.push({ command, fromMs: toMs - ended.durationMs, toMs });
      return ended;
    };
  }
}

/** Runs that were begun together, until disposed. What it timed counts only where all of them have ended. */
export class RunRound implements Disposable {
  readonly project: Project;
  readonly atOnce: number;
  /** Checks of another project ran meanwhile. */
  isMixed = false;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #timers: RunTimer[] = [];

  constructor(project: Project, atOnce: number, clock: Clock, onEnd: () => void) {
    this.project = project;
    this.atOnce = atOnce;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  [Symbol.dispose](): void {
    this.#onEnd();
  }

  timer(): RunTimer {
    const timer = new RunTimer(this.#clock);
    this.#timers.push(timer);
    return timer;
  }

  /**
   * What the project's own checks took in the slowest run that counts; null where none does. Those of tasks and the set-up differ
   * from tree to tree.
   */
  slowest(): Omit<TimedRun, "at"> | null {
    if (this.isMixed) return null;
    const commands = new Set(this.project.checks.map(({ run }) => run));
    const all = this.#timers.flatMap((timer) => {
      const own = timer.spans.filter(({ command }) => commands.has(command));
      if (!timer.isCounting || own.length === 0 || own.length < commands.size) return [];
      const others = this.#timers.filter((other) => other !== timer).flatMap(({ spans }) => spans);
      const tookMs = sum(own.map(({ fromMs, toMs }) => toMs - fromMs));
      const overlapMs = sum(own.flatMap((span) => others.map((other) => overlap(span, other))));
      const sharedMs = Math.min(tookMs, overlapMs / Math.max(1, this.atOnce - 1));
      return [{ atOnce: this.atOnce, tookMs, sharedMs }];
    });
    return all.toSorted((a, b) => b.tookMs - a.tookMs)[0] ?? null;
  }
}

function overlap(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.toMs, b.toMs) - Math.max(a.fromMs, b.fromMs));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
