import type { Removal } from "../../../shared/model/removal.ts";
import { type Columns, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Removal> = {
  id: "number",
  task: "text",
  project: "text",
  path: "text",
  branch: "text",
  head: "text",
  rescue: "text",
  why: "text",
  at: "text",
  restoredAt: "text",
};

export function createRemovalTable({ db, now, touched }: TableContext): Store["removals"] {
  const rows = new Rows<Removal>(db, "removals", columns);
  return {
    list(filter = {}) {
      const named = [
        ["project = ?", filter.project],
        ["task = ?", filter.task],
      ] as const;
      const asked = named.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
      const where = asked.length > 0 ? `WHERE ${asked.map(({ sql }) => sql).join(" AND ")}` : "";
      return rows.select(
        `${where} ORDER BY id`,
        asked.map(({ value }) => value),
      );
    },
    insert(removal) {
      touched();
      const row = { ...removal, at: now(), restoredAt: null };
      return { ...row, id: rows.insert(row) };
    },
    noteRestored(id) {
      touched();
      rows.patch("id", id, { restoredAt: now() });
    },
    forget(id) {
      touched();
      rows.run("DELETE FROM removals WHERE id = ?", id);
    },
  };
}
