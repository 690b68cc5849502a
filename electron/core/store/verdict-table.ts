import { type Columns, Rows } from "./rows.ts";
import type { Store, Verdict } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Verdict> = {
  tree: "text",
  specHash: "text",
  envHash: "text",
  isGreen: "flag",
  results: "json",
  at: "text",
};

export function createVerdictTable({ db, now, touched }: TableContext): Store["verdicts"] {
  const rows = new Rows<Verdict>(db, "verdicts", columns);
  return {
    list: (tree) => rows.select("WHERE tree = ? ORDER BY id DESC", [tree]),
    insert(verdict) {
      touched();
      rows.insert({ ...verdict, at: now() });
    },
  };
}
