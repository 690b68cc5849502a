import type { Approval } from "../../../shared/model/ask.ts";
import { type Columns, notFound, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Approval> = {
  id: "number",
  project: "text",
  tool: "text",
  input: "text",
  at: "text",
};

export function createApprovalTable({ db, now, touched }: TableContext): Store["approvals"] {
  const rows = new Rows<Approval>(db, "approvals", columns);
  return {
    list: (project) =>
      project === undefined
        ? rows.select("ORDER BY id")
        : rows.select("WHERE project = ? ORDER BY id", [project]),
    insert({ project, tool, input }) {
      touched();
      const sql =
        "INSERT INTO approvals (project, tool, input, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
      rows.run(sql, project, tool, input, now());
    },
    remove(id) {
      touched();
      if (rows.run("DELETE FROM approvals WHERE id = ?", id) === 0) throw notFound("approvals", id);
    },
  };
}
