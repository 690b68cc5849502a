import type { Database } from "better-sqlite3";
import type { Event } from "../../../shared/model/event.ts";
import { type Columns, Rows } from "./rows.ts";
import type { Store } from "./store.ts";

const columns: Columns<Event> = {
  seq: "number",
  at: "text",
  kind: "text",
  subject: "text",
  data: "json",
  cause: "text",
};
/** What `since` gives when it is not told how many. */
const LIMIT = 5_000;

export type EventTable = Store["events"] & {
  /** Returns the event's number. */
  insert(event: Omit<Event, "seq">): number;
};

export function createEventTable(db: Database): EventTable {
  const rows = new Rows<Event>(db, "events", columns);
  return {
    since(seq, { limit = LIMIT, subject } = {}) {
      if (subject === undefined)
        return rows.select("WHERE seq > ? ORDER BY seq LIMIT ?", [seq, limit]);
      return rows.select("WHERE subject = ? AND seq > ? ORDER BY seq LIMIT ?", [
        subject,
        seq,
        limit,
      ]);
    },
    newest: (count) => rows.select("ORDER BY seq DESC LIMIT ?", [count]).reverse(),
    lastSeq: () => Number(rows.value("SELECT ifnull(max(seq), 0) FROM events")),
    insert: (event) => rows.insert(event),
  };
}
