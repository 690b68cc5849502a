import { type Columns, Rows } from "./rows.ts";
import type { Store, TimedRunRecord } from "./store.ts";
import type { TableContext } from "./table-context.ts";

/** Of each number at once; as many as anybody looks at, and some more. */
const KEPT = 20;

const columns: Columns<TimedRunRecord> = {
  project: "text",
  specHash: "text",
  atOnce: "number",
  tookMs: "number",
  sharedMs: "number",
  at: "text",
};

export function createTimedRunTable({ db, now, touched }: TableContext): Store["timedRuns"] {
  const rows = new Rows<TimedRunRecord>(db, "timed_runs", columns);
  return {
    list: (project, specHash) =>
      rows.select("WHERE project = ? AND spec_hash = ? ORDER BY id", [project, specHash]),
    insert(run) {
      touched();
      const { project, specHash, atOnce } = run;
      rows.insert({ ...run, at: now() });
      rows.run(
        `DELETE FROM timed_runs WHERE project = ? AND (spec_hash <> ? OR at_once = ? AND id NOT IN
           (SELECT id FROM timed_runs WHERE project = ? AND at_once = ? ORDER BY id DESC LIMIT ?))`,
        ...[project, specHash, atOnce, project, atOnce, KEPT],
      );
    },
  };
}
