import type { HandoffNote } from "../../../shared/model/handoff.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { BLOCKED } from "../../../shared/model/is-blocked.ts";
import type { AskRecord, SessionRecord, Store } from "../store/store.ts";
import { describeOutcome, type TaskFinisher } from "../supervisor/finish-task.ts";
import type { TaskSteps } from "../supervisor/task-steps.ts";
import { isHeld } from "../task/task-machine.ts";
import type { Asks } from "../worker/asks.ts";
import type { ToolAnswer, WorkerActions } from "./worker-tools.ts";

/** What became of a note. */
export interface HandoffAnswer {
  readonly number: number;
  /** Files it left changed and not committed. */
  readonly uncommitted: readonly string[];
}

const NOT_YOURS: ToolAnswer = {
  text: "This session holds no task any more. End your turn.",
  isError: true,
};

/** What workers do through their tools, each for the task that their session holds. */
export function createWorkerActions(parts: {
  readonly store: Store;
  readonly steps: TaskSteps;
  readonly finisher: TaskFinisher;
  readonly asks: Asks;
  /** Keeps the note of a session that holds a task; null when it holds none. */
  readonly handOver: (session: SessionRecord, note: HandoffNote) => Promise<HandoffAnswer | null>;
  /** Aborts when the core ends; whoever waits then is answered by the next one. */
  readonly signal: AbortSignal;
}): WorkerActions {
  const { store, steps, finisher, asks, signal } = parts;
  const holder = (
    id: SessionId,
  ): (SessionRecord & { task: NonNullable<SessionRecord["task"]> }) | null => {
    const session = store.sessions.find(id);
    return session?.task ? { ...session, task: session.task } : null;
  };
  return {
    async taskDone(id, summary) {
      const session = holder(id);
      if (!session) return NOT_YOURS;
      return describeOutcome(await finisher.finish(session.task, id, summary, `session ${id}`));
    },
    async taskBlocked(id, reason) {
      const session = holder(id);
      const task = session && store.tasks.find(session.task);
      if (task?.session !== id || !isHeld(task.status)) return NOT_YOURS;
      store.write(`session ${id}`, () => {
        // A blocked worker has said all there is to say: it is not reminded at the end of this turn.
        store.tasks.update(task.id, { reminders: task.reminders + 1 });
        steps.apply(
          task.id,
          { kind: "person-needed", reason: `${BLOCKED}${reason}` },
          `session ${id}`,
        );
      });
      return {
        text: "Noted: the task waits for the person. End your turn; you will be told how to go on.",
        isError: false,
      };
    },
    async progress(id, note, percent) {
      const session = holder(id);
      const task = session && store.tasks.find(session.task);
      if (task?.session !== id) return NOT_YOURS;
      store.write(`session ${id}`, (record) => {
        store.tasks.update(task.id, { progress: { note, percent } });
        record("task.progress", task.id, { note, percent });
      });
      return { text: "Noted.", isError: false };
    },
    async ask(id, request, question, options) {
      return describeAnswer(await asks.question(request, id, question, options, signal));
    },
    async handoff(id, note) {
      const session = store.sessions.find(id);
      const kept = session && (await parts.handOver(session, note));
      if (!kept) return NOT_YOURS;
      const left =
        kept.uncommitted.length === 0
          ? ""
          : ` What is not committed stays in the worktree: ${kept.uncommitted.slice(0, 20).join(", ")}.`;
      return {
        text: `Noted as handoff ${kept.number}; a fresh session goes on.${left} End your turn.`,
        isError: false,
      };
    },
    async message(id, to, text) {
      if (to !== "person")
        return { text: `There is nobody called "${to}". Write to: person.`, isError: true };
      const session = store.sessions.find(id);
      store.write(`session ${id}`, (record) =>
        record("session.message", id, { to, text, task: session?.task ?? null }),
      );
      return { text: "Sent.", isError: false };
    },
  };
}

function describeAnswer({ state, note }: AskRecord): ToolAnswer {
  if (state === "answered") {
    // Written by `Asks` when it closed the ask: texts by question, and a tool asks one question.
    const answers = JSON.parse(note ?? "{}") as Record<string, readonly string[]>;
    return { text: Object.values(answers).flat().join("\n"), isError: false };
  }
  const why = note === null ? "" : `: ${note}`;
  return {
    text: `The person gave no answer${why}. Decide yourself, or call task_blocked.`,
    isError: false,
  };
}
