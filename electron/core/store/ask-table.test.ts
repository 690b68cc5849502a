import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { OLD_ASKS } from "./ask-table.ts";
import { migrations } from "./migrations/migrations.ts";

test("old asks are found in one pass: nothing is counted anew for each of them", () => {
  using cleaning = new DisposableStack();
  const db = new Database(":memory:");
  cleaning.defer(() => db.close());
  for (const migration of migrations) db.exec(migration);
  const steps = db
    .prepare<unknown[], { readonly detail: string }>(
      `EXPLAIN QUERY PLAN SELECT count(*) ${OLD_ASKS}`,
    )
    .all("", "", 1)
    .map(({ detail }) => detail);
  expect(steps).not.toEqual([]);
  expect(steps.filter((step) => step.startsWith("CORRELATED"))).toEqual([]);
});
