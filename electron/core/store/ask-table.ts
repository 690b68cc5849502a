import { AskId } from "../../../shared/model/ids.ts";
import { nextNumber } from "./next-id.ts";
import { type Columns, notFound, Rows } from "./rows.ts";
import type { AskRecord, OldAsks, Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<AskRecord> = {
  id: "text",
  kind: "text",
  session: "text",
  task: "text",
  project: "text",
  profile: "text",
  tool: "text",
  summary: "text",
  detail: "text",
  why: "text",
  questions: "json",
  state: "text",
  note: "text",
  openedAt: "text",
  closedAt: "text",
  request: "text",
  input: "text",
};

/** How many newer asks of the same session there are decides beside the age: counted in one pass over all of them. */
export const OLD_ASKS = `FROM asks WHERE number IN (
    SELECT number FROM (
      SELECT number, closed_at, row_number() OVER (PARTITION BY session ORDER BY number DESC) - 1 AS newer FROM asks
    ) WHERE closed_at < ? AND newer >= iif(closed_at < ?, 1, ?)
  )`;

function valuesOf({ keptAfter, closedBefore, keptOfASession }: OldAsks) {
  return [keptAfter, closedBefore, Math.max(1, keptOfASession)] as const;
}

export function createAskTable({ db, now, touched }: TableContext): Store["asks"] {
  const rows = new Rows<AskRecord>(db, "asks", columns);
  const find = (id: AskId) => rows.select("WHERE id = ?", [id])[0];
  return {
    list({ isOpen, session } = {}) {
      const open = isOpen === undefined ? [] : [isOpen ? "state = 'open'" : "state <> 'open'"];
      const conditions = [...open, ...(session === undefined ? [] : ["session = ?"])];
      const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
      return rows.select(`${where} ORDER BY number`, session === undefined ? [] : [session]);
    },
    find,
    findByRequest: (request) => rows.select("WHERE request = ?", [request])[0],
    newestOf: (session) =>
      rows.select("WHERE session = ? ORDER BY number DESC LIMIT 1", [session])[0],
    insert(ask) {
      const { asks } = touched();
      const number = nextNumber(db, "a");
      const id = AskId.parse(`a-${number}`);
      const row: AskRecord = {
        ...ask,
        id,
        state: "open",
        note: null,
        openedAt: now(),
        closedAt: null,
      };
      rows.insert(row, { number });
      asks.add(id);
      return row;
    },
    countPrunable: (old) => Number(rows.value(`SELECT count(*) ${OLD_ASKS}`, ...valuesOf(old))),
    prune(old) {
      touched();
      return rows.run(`DELETE ${OLD_ASKS}`, ...valuesOf(old));
    },
    close(id, state, note) {
      const { asks } = touched();
      const before = find(id);
      if (!before) throw notFound("asks", id);
      if (before.state !== "open") return false;
      rows.patch("id", id, { state, note, closedAt: now() });
      asks.add(id);
      return true;
    },
  };
}
