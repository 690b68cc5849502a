import { type Columns, Rows } from "./rows.ts";
import type { Store, TestCheck, TestHealth } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const checkColumns: Columns<TestCheck> = {
  project: "text",
  command: "text",
  runs: "number",
  ran: "number",
};
const healthColumns: Columns<TestHealth> = {
  project: "text",
  command: "text",
  test: "text",
  flips: "json",
  quarantinedAt: "text",
  quarantinedUntil: "text",
  task: "text",
};

export function createTestHealthTable({ db, touched }: TableContext): Store["tests"] {
  const checks = new Rows<TestCheck>(db, "test_checks", checkColumns);
  const healths = new Rows<TestHealth>(db, "test_health", healthColumns);
  return {
    listChecks: (project) => checks.select("WHERE project = ? ORDER BY command", [project]),
    saveCheck(check) {
      touched();
      const { project, command, runs, ran } = check;
      checks.run(
        `INSERT INTO test_checks (project, command, runs, ran) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET runs = excluded.runs, ran = excluded.ran`,
        ...[project, command, runs, ran],
      );
    },
    list: (project) => healths.select("WHERE project = ? ORDER BY command, test", [project]),
    save(health) {
      const { project, command, test } = health;
      touched();
      healths.run(
        "DELETE FROM test_health WHERE project = ? AND command = ? AND test = ?",
        ...[project, command, test],
      );
      // What never flipped of late and has nothing to be remembered by is forgotten.
      if (health.flips.length > 0 || health.quarantinedUntil !== null || health.task !== null) {
        healths.insert(health);
      }
    },
  };
}
