import { PlanId } from "../../../shared/model/ids.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { nextNumber } from "./next-id.ts";
import { type Columns, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Plan> = {
  id: "text",
  project: "text",
  title: "text",
  state: "text",
  createdAt: "text",
};

/** In plans-table.ts, because a file named plan-* decides and does not act. */
export function createPlanTable({ db, now, touched }: TableContext): Store["plans"] {
  const rows = new Rows<Plan>(db, "plans", columns);
  return {
    list(project) {
      if (project === undefined) return rows.select("ORDER BY number");
      return rows.select("WHERE project = ? ORDER BY number", [project]);
    },
    find: (id) => rows.select("WHERE id = ?", [id])[0],
    insert(plan) {
      const { plans } = touched();
      const number = nextNumber(db, "p");
      const whole: Plan = { ...plan, id: PlanId.parse(`p-${number}`), createdAt: now() };
      rows.insert(whole, { number });
      plans.add(whole.id);
      return whole;
    },
    setState(id, state) {
      const { plans } = touched();
      rows.patch("id", id, { state });
      plans.add(id);
    },
  };
}
