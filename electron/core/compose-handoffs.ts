import type { KeeperParts } from "./compose-keepers.ts";
import { readLastMessages, transcriptFile } from "./provider/claude/read-last-messages.ts";
import type { SessionRecord } from "./store/store.ts";
import { HandoffKeeper } from "./supervisor/handoff-keeper.ts";
import { takeHandoff } from "./supervisor/handoff-notes.ts";
import { handoffLimits } from "./supervisor/plan-handoff.ts";
import { describeWork, listUncommitted } from "./worker/describe-work.ts";

/** After so many a task is most likely too large, whoever works on it. */
const HANDOFFS_MAX = 5;
/** Of what a session said last, this much says what it was about to do. */
const MESSAGES_COUNT = 3;

export type HandoffParts = Pick<KeeperParts, "store" | "folder" | "steps" | "settings">;

/** Lets workers hand over. */
export function composeHandOver(parts: HandoffParts) {
  const { store, steps } = parts;
  return (session: SessionRecord, note: Parameters<typeof takeHandoff>[2]) =>
    takeHandoff(
      {
        store,
        steps,
        folderOf: (id) => parts.folder.sessionDir(id),
        maxOf: (project) => settingsOf(parts, project).handoffsMax,
        listUncommitted: (task) => listUncommitted(task, store.projects.find(task.project)),
      },
      session,
      note,
    );
}

/** Tells at how many tokens of its context a session is asked to hand over; null: at none. */
export function composeHandoffMark(parts: Pick<HandoffParts, "store" | "settings">) {
  return ({ kind, project }: SessionRecord, window: number): number | null =>
    kind === "worker"
      ? (handoffLimits(settingsOf(parts, project).handoffAt, window)?.askAt ?? null)
      : null;
}

/** Sees to it that workers hand over in time. */
export function composeHandoffKeeper(
  parts: HandoffParts & Pick<KeeperParts, "clock" | "log" | "sessions" | "finisher">,
): HandoffKeeper {
  const { store, folder } = parts;
  return new HandoffKeeper({
    ...parts,
    folderOf: (id) => folder.sessionDir(id),
    settingsOf: (project) => settingsOf(parts, project),
    describeWork: (session, task) => {
      const dir = store.profiles.find(session.profile)?.dir ?? null;
      const transcript = transcriptFile(dir, session.cwd, session.providerSession);
      const project = store.projects.find(task.project);
      return describeWork(task, project, readLastMessages(transcript, MESSAGES_COUNT));
    },
  });
}

function settingsOf(
  { store, settings }: Pick<HandoffParts, "store" | "settings">,
  name: SessionRecord["project"],
) {
  const project = name === null ? undefined : store.projects.find(name);
  const worker = project && settings.of(project).agents?.worker;
  return {
    handoffAt: worker?.["handoff-at"],
    handoffsMax: worker?.["handoffs-max"] ?? HANDOFFS_MAX,
  };
}
