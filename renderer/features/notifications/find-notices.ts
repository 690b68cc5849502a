import type { InboxItem, InboxKind } from "../../../shared/model/inbox.ts";
import type { ProfileState } from "../../../shared/model/profile.ts";
import type { MirrorRows } from "../../mirror/mirror-rows.ts";
import { plainText } from "../../ui/plain-text.ts";
import type { Notice } from "./notice-machine.ts";

/** The mirror at one moment, with what waited for the person then. */
export interface Moment {
  readonly rows: Pick<MirrorRows, "isFilled" | "tasks" | "profiles" | "entries">;
  readonly inbox: readonly InboxItem[];
}

/** Never what a program printed or would run: a notification is seen over shoulders and kept by the system. */
const asked: Readonly<Record<InboxKind, string>> = {
  permission: "It asks for a permission.",
  gate: "A destructive command waits at the gate.",
  question: "It has a question.",
  plan: "Its plan waits for your yes.",
  dialog: "Its terminal shows a dialog.",
  blocked: "It says that it cannot go on.",
  stuck: "It stopped and does not go on by itself.",
  watchdog: "It seems to have gone astray.",
  review: "It is finished and waits for your review.",
};

const profileTexts: Readonly<Partial<Record<ProfileState, string>>> = {
  resting: "Its usage limit is reached; it rests until the reset.",
  "signed-out": "It is signed out.",
  incident: "Its login does not work any more.",
};

const TITLE_MAX = 80;

/** What happened between two moments that a person may want to be told. The first rows of a window are no news. */
export function findNotices(before: Moment, after: Moment): readonly Notice[] {
  if (!before.rows.isFilled) return [];
  const { tasks, profiles, entries } = after.rows;
  const known = new Set(before.inbox.map(keyOfItem));
  const taskTitle = (id: string) => tasks.find((task) => task.id === id)?.title ?? id;
  const wasOther = <Row>(
    old: readonly Row[],
    isSame: (row: Row) => boolean,
    isIt: (row: Row) => boolean,
  ) => {
    const row = old.find(isSame);
    return row !== undefined && !isIt(row);
  };
  return [
    ...after.inbox
      .filter((item) => !known.has(keyOfItem(item)))
      .map((item) => ({
        key: keyOfItem(item),
        kind: item.kind === "stuck" ? ("failed" as const) : ("needs-you" as const),
        title: cut(item.title),
        text: asked[item.kind],
        subject: item.id,
        session: item.session,
      })),
    ...tasks
      .filter(
        ({ id, status }) =>
          status === "landed" &&
          wasOther(
            before.rows.tasks,
            (row) => row.id === id,
            (row) => row.status === "landed",
          ),
      )
      .map(({ id, title, session }) => ({
        key: `finished ${id}`,
        kind: "finished" as const,
        title: cut(title),
        text: "It has landed.",
        subject: id,
        session,
      })),
    ...entries
      .filter(
        ({ id, state }) =>
          state === "returned" &&
          wasOther(
            before.rows.entries,
            (row) => row.id === id,
            (row) => row.state === "returned",
          ),
      )
      .map(({ id, task, since }) => ({
        key: `returned ${id} ${since}`,
        kind: "returned" as const,
        title: cut(taskTitle(task)),
        text: "The merge queue returned it to its worker.",
        subject: id,
        session: null,
      })),
    ...profiles.flatMap(({ name, state }) => {
      const text = profileTexts[state];
      const isNew = wasOther(
        before.rows.profiles,
        (row) => row.name === name,
        (row) => row.state === state,
      );
      if (text === undefined || !isNew) return [];
      const key = `limit ${name} ${state}`;
      return [
        { key, kind: "limit" as const, title: cut(name), text, subject: name, session: null },
      ];
    }),
  ];
}

/** An item that asks anew, e.g. the next dialog of the same pane, is news again. */
export function keyOfItem({ kind, id, since }: InboxItem): string {
  return `${kind} ${id} ${since}`;
}

function cut(title: string): string {
  const text = plainText(title).replace(/\s+/g, " ");
  return text.length > TITLE_MAX ? `${text.slice(0, TITLE_MAX - 1)}…` : text;
}
