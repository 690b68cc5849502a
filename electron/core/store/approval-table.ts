import type { Approval } from "../../../shared/model/ask.ts";
import { type Columns, notFound, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Approval> = {
  id: "number",
  project: "text",
  task: "text",
  tool: "text",
  input: "text",
  at: "text",
  until: "text",
};

export function createApprovalTable({ db, now, touched }: TableContext): Store["approvals"] {
  const rows = new Rows<Approval>(db, "approvals", columns);
  return {
    list: (project) =>
      project === undefined
        ? rows.select("ORDER BY id")
        : rows.select("WHERE project = ? ORDER BY id", [project]),
    insert({ project, task, tool, input, until }) {
      touched();
      const sql = `INSERT INTO approvals (project, task, tool, input, at, until) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (project, ifnull(task, ''), tool, input) DO UPDATE SET at = excluded.at, until = excluded.until
        WHERE excluded.until IS NOT NULL`;
      rows.run(sql, project, task ?? null, tool, input, now(), until ?? null);
    },
    remove(id) {
      touched();
      if (rows.run("DELETE FROM approvals WHERE id = ?", id) === 0) throw notFound("approvals", id);
    },
  };
}
