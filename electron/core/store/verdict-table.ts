import { type Columns, Rows } from "./rows.ts";
import type { Store, Verdict } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Verdict> = {
  tree: "text",
  specHash: "text",
  isGreen: "flag",
  results: "json",
  at: "text",
};

export function createVerdictTable({ db, now, touched }: TableContext): Store["verdicts"] {
  const rows = new Rows<Verdict>(db, "verdicts", columns);
  return {
    /** The newest: a tree can be checked again after a red that was not its fault. */
    find(tree, specHash) {
      return rows.select("WHERE tree = ? AND spec_hash = ? ORDER BY id DESC LIMIT 1", [
        tree,
        specHash,
      ])[0];
    },
    insert(verdict) {
      touched();
      rows.insert({ ...verdict, at: now() });
    },
  };
}
