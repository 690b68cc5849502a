import type { InboxItem } from "../model/inbox.ts";
import { listInbox } from "../model/list-inbox.ts";
import type { MirrorRows } from "./mirror-rows.ts";

type InboxRows = Pick<MirrorRows, "asks" | "tasks" | "sessions" | "entries" | "projects">;

let last: { readonly rows: InboxRows; readonly items: readonly InboxItem[] } | null = null;

/** What waits for the person, of all projects, the oldest first; the same array for as long as its rows are the same. */
export function inboxOf(rows: InboxRows): readonly InboxItem[] {
  const isSame =
    last?.rows.asks === rows.asks &&
    last.rows.tasks === rows.tasks &&
    last.rows.sessions === rows.sessions &&
    last.rows.entries === rows.entries &&
    last.rows.projects === rows.projects;
  if (!last || !isSame) last = { rows, items: listInbox(rows) };
  return last.items;
}
