import type { Fleet } from "../../../shared/model/fleet.ts";
import { type Columns, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Fleet> = { isHalted: "flag", reason: "text", since: "text" };

export function createFleetTable({ db, now, touched }: TableContext): Store["fleet"] {
  const rows = new Rows<Fleet>(db, "fleet", columns);
  return {
    read() {
      const row = rows.select("")[0];
      if (row) return row;
      throw new Error("the migrations put one row into the table of the fleet, and it is gone");
    },
    set(isHalted, reason) {
      touched().fleet = true;
      rows.patch("one", 1, { isHalted, reason, since: now() });
    },
  };
}
