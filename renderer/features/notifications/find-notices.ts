import type { MirrorRows } from "../../../shared/contract/mirror-rows.ts";
import type { InboxItem, InboxKind } from "../../../shared/model/inbox.ts";
import type { ProfileState } from "../../../shared/model/profile.ts";
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

const TOLD_STATES = [
  "resting",
  "signed-out",
  "incident",
] as const satisfies readonly ProfileState[];

const TITLE_MAX = 80;

/** What happened between two moments that a person may want to be told. The first rows of a window are no news. */
export function findNotices(before: Moment, after: Moment): readonly Notice[] {
  if (!before.rows.isFilled) return [];
  const old = before.rows;
  const now = after.rows;
  const known = new Set(before.inbox.map(keyOfItem));
  const byId = (row: { readonly id: string }) => row.id;
  const waiting = after.inbox.filter((item) => !known.has(keyOfItem(item)));
  const landed = whichBecame(old.tasks, now.tasks, byId, (task) => task.status === "landed");
  const returned = whichBecame(old.entries, now.entries, byId, (row) => row.state === "returned");
  const limited = TOLD_STATES.flatMap((state) =>
    whichBecame(
      old.profiles,
      now.profiles,
      (row) => row.name,
      (row) => row.state === state,
    ),
  );
  return [
    ...waiting.map((item) => ({
      key: keyOfItem(item),
      kind: item.kind === "stuck" ? ("failed" as const) : ("needs-you" as const),
      title: cut(item.title),
      text: asked[item.kind],
      subject: item.id,
      session: item.session,
    })),
    ...landed.map(({ id, title, session }) => ({
      key: `finished ${id}`,
      kind: "finished" as const,
      title: cut(title),
      text: "It has landed.",
      subject: id,
      session,
    })),
    ...returned.map(({ id, task, since }) => ({
      key: `returned ${id} ${since}`,
      kind: "returned" as const,
      title: cut(now.tasks.find((each) => each.id === task)?.title ?? task),
      text: "The merge queue returned it to its worker.",
      subject: id,
      session: null,
    })),
    ...limited.map(({ name, state }) => ({
      key: `limit ${name} ${state}`,
      kind: "limit" as const,
      title: cut(name),
      text: profileTexts[state] ?? "",
      subject: name,
      session: null,
    })),
  ];
}

/** The rows that are it now and were there before, but were not it. */
function whichBecame<Row>(
  old: readonly Row[],
  fresh: readonly Row[],
  keyOf: (row: Row) => string,
  isIt: (row: Row) => boolean,
): readonly Row[] {
  // Gauges change many times a second and leave these rows as they are.
  if (old === fresh) return [];
  const were = new Map(old.map((row) => [keyOf(row), row]));
  return fresh.filter((row) => {
    const was = were.get(keyOf(row));
    return was !== undefined && isIt(row) && !isIt(was);
  });
}

/** An item that asks anew, e.g. the next dialog of the same pane, is news again. */
export function keyOfItem({ kind, id, since }: InboxItem): string {
  return `${kind} ${id} ${since}`;
}

function cut(title: string): string {
  const text = plainText(title).replace(/\s+/g, " ");
  return text.length > TITLE_MAX ? `${text.slice(0, TITLE_MAX - 1)}…` : text;
}
