import { type Columns, notFound, Rows } from "./rows.ts";
import type { Landing, Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Landing> = {
  id: "number",
  entry: "text",
  entries: "json",
  project: "text",
  target: "text",
  from: "text",
  to: "text",
  state: "text",
};

export function createLandingTable({ db, touched }: TableContext): Store["landings"] {
  const rows = new Rows<Landing>(db, "landings", columns);
  return {
    insert(landing) {
      touched();
      const id = rows.insert({ ...landing, state: "intent" });
      return { ...landing, id, state: "intent" };
    },
    settle(id, state) {
      touched();
      if (!rows.select("WHERE id = ?", [id])[0]) throw notFound("landings", id);
      rows.patch("id", id, { state });
    },
    listOpen: () => rows.select("WHERE state = 'intent' ORDER BY id"),
    listDone: (project) =>
      rows.select("WHERE project = ? AND state = 'done' ORDER BY id", [project]),
  };
}
