import path from "node:path";
import type { Handoff, HandoffNote } from "../../../shared/model/handoff.ts";
import type { SessionId, TaskId } from "../../../shared/model/ids.ts";
import { writeHandoffFile } from "../../../shared/model/write-handoff.ts";
import { writeFileDurably } from "../base/write-file-durably.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import type { TaskSteps } from "./task-steps.ts";

interface NoteParts {
  readonly store: Store;
  readonly steps: TaskSteps;
  readonly folderOf: (session: SessionId) => string;
  /** Handoffs of one task after which a person is asked. */
  readonly maxOf: (project: SessionRecord["project"]) => number;
}

/**
 * Keeps the note and lets the task go on in a fresh session, in one transaction. From then on this session holds the task no
 * more and is ended. Null when it did not hold it.
 *
 * The file is there before the row is: a crash between the two leaves a file that the next note of that number replaces.
 */
export function handOver(
  { store, steps, folderOf, maxOf }: NoteParts,
  session: SessionRecord,
  by: Handoff["by"],
  note: HandoffNote,
): Handoff | null {
  const cause = `session ${session.id}`;
  return store.write(cause, (record) => {
    const task = steps.heldBy(session);
    if (!task) return null;
    const handoff = store.handoffs.insert({ task: task.id, session: session.id, by, note });
    const { number } = handoff;
    writeFileDurably(
      path.join(folderOf(session.id), `handoff-${number}.md`),
      writeHandoffFile(handoff, task.title),
    );
    const max = maxOf(session.project);
    steps.apply(task.id, { kind: "handed-off", number, max }, cause, { handback: null });
    record("task.handed-off", task.id, { session: session.id, number, by });
    return handoff;
  });
}

/**
 * What a worker hands over itself, with the files it left uncommitted: they stay in the worktree, and the note names them. The
 * same call again is answered the same. Null when the session holds no task.
 */
export async function takeHandoff(
  parts: NoteParts & {
    readonly listUncommitted: (task: TaskRecord) => Promise<readonly string[]>;
  },
  session: SessionRecord,
  note: HandoffNote,
): Promise<{ readonly number: number; readonly uncommitted: readonly string[] } | null> {
  const before = handoffOf(parts.store, session);
  if (before) return { number: before.number, uncommitted: [] };
  const task = parts.steps.heldBy(session);
  if (!task) return null;
  const uncommitted = await parts.listUncommitted(task);
  const left =
    uncommitted.length === 0
      ? []
      : ["", "Changed and not committed:", ...uncommitted.map((file) => `- ${file}`)];
  const whole = { ...note, done: [note.done, ...left].join("\n") };
  const kept = handOver(parts, session, "worker", whole);
  return kept && { number: kept.number, uncommitted };
}

/** The session's own handoff; a session writes at most one. */
export function handoffOf(store: Store, session: SessionRecord): Handoff | undefined {
  if (session.task === null) return undefined;
  return store.handoffs.list(session.task).find((each) => each.session === session.id);
}

/** The task's sessions whose conversation may go on: one that handed over is left alone. */
export function withoutHandedOver(store: Store, task: TaskId): readonly SessionRecord[] {
  const past = store.sessions.list({ task });
  const writers = new Set(store.handoffs.list(task).map(({ session }) => session));
  const left = new Set(
    past.filter(({ id }) => writers.has(id)).map((each) => each.providerSession),
  );
  return past.filter(({ providerSession }) => !left.has(providerSession));
}
