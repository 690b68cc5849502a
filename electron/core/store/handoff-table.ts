import type { Handoff } from "../../../shared/model/handoff.ts";
import { type Columns, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Handoff> = {
  task: "text",
  number: "number",
  session: "text",
  by: "text",
  note: "json",
  at: "text",
};

export function createHandoffTable({ db, now, touched }: TableContext): Store["handoffs"] {
  const rows = new Rows<Handoff>(db, "handoffs", columns);
  const newest = "SELECT ifnull(max(number), 0) FROM handoffs WHERE task = ?";
  return {
    list: (task) => rows.select("WHERE task = ? ORDER BY number", [task]),
    insert(handoff) {
      const { tasks } = touched();
      const number = Number(rows.value(newest, handoff.task)) + 1;
      const row: Handoff = { ...handoff, number, at: now() };
      rows.insert(row);
      rows.run("UPDATE tasks SET handoffs = ? WHERE id = ?", number, handoff.task);
      tasks.add(handoff.task);
      return row;
    },
  };
}
