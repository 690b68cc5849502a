import { type Columns, notFound, Rows } from "./rows.ts";
import type { Intent, Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Intent> = {
  id: "number",
  kind: "text",
  subject: "text",
  data: "json",
  openedAt: "text",
};

export function createIntentTable({ db, now, touched }: TableContext): Store["intents"] {
  const rows = new Rows<Intent>(db, "intents", columns);
  return {
    open(kind, subject, data) {
      touched();
      const intent = { kind, subject, data, openedAt: now() };
      return { ...intent, id: rows.insert(intent) };
    },
    /** Closing twice keeps the first outcome. */
    close(id, outcome) {
      touched();
      const sql =
        "UPDATE intents SET closed_at = ?, outcome = ? WHERE id = ? AND closed_at IS NULL";
      if (rows.run(sql, now(), outcome, id) > 0) return;
      if (!rows.select("WHERE id = ?", [id])[0]) throw notFound("intents", id);
    },
    listOpen: () => rows.select("WHERE closed_at IS NULL ORDER BY id"),
  };
}
