import { TaskId } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { nextNumber, takeNumber } from "./next-id.ts";
import { type Columns, notFound, Rows } from "./rows.ts";
import type { Store, TaskRecord } from "./store.ts";
import type { TableContext } from "./table-context.ts";

type Row = Omit<TaskRecord, "after">;

const columns: Columns<Row> = {
  id: "text",
  project: "text",
  plan: "text",
  title: "text",
  body: "text",
  status: "text",
  reason: "text",
  since: "text",
  priority: "number",
  labels: "json",
  paths: "json",
  pinnedProfile: "text",
  model: "text",
  permissionMode: "text",
  acceptance: "json",
  branch: "text",
  worktree: "text",
  session: "text",
  profile: "text",
  attempts: "number",
  handoffs: "number",
  commits: "number",
  checks: "json",
  progress: "json",
  summary: "text",
  landed: "json",
  createdAt: "text",
  handback: "text",
  fork: "text",
  reminders: "number",
  failures: "number",
};
const BY_NUMBER = "ORDER BY tasks.number";

export function createTaskTable({ db, now, touched }: TableContext): Store["tasks"] {
  const rows = new Rows<Row>(db, "tasks", columns);
  const links = new Rows<{ task: TaskId; after: TaskId; position: number }>(db, "task_after", {
    task: "text",
    after: "text",
    position: "number",
  });

  function read(rest: string, values: readonly string[] = []): readonly TaskRecord[] {
    const found = rows.select(rest, values);
    const waits = new Map<TaskId, TaskId[]>();
    const where =
      found.length === 1 ? "WHERE task = ? ORDER BY position" : "ORDER BY task, position";
    const only = found.length === 1 ? found.map((row) => row.id) : [];
    if (found.length > 0) {
      for (const { task, after } of links.select(where, only)) {
        const known = waits.get(task);
        if (known) known.push(after);
        else waits.set(task, [after]);
      }
    }
    return found.map((row) => ({ ...row, after: waits.get(row.id) ?? [] }));
  }
  const find = (id: TaskId) => read("WHERE id = ?", [id])[0];
  const dependents = (id: TaskId) =>
    read(`WHERE id IN (SELECT task FROM task_after WHERE after = ?) ${BY_NUMBER}`, [id]);

  function setAfter(task: TaskId, after: readonly TaskId[]): void {
    links.run("DELETE FROM task_after WHERE task = ?", task);
    for (const [position, other] of [...new Set(after)].entries()) {
      if (other === task) throw new SwitchyardError("cycle", `${task} would wait for itself.`);
      if (!find(other)) throw notFound("tasks", other);
      links.insert({ task, after: other, position });
    }
  }

  return {
    list(filter = {}) {
      const status = filter.status && JSON.stringify(filter.status);
      const conditions = [
        ["project = ?", filter.project],
        ["plan = ?", filter.plan],
        ["status IN (SELECT value FROM json_each(?))", status],
      ] as const;
      const asked = conditions.flatMap(([sql, value]) =>
        value === undefined ? [] : [{ sql, value }],
      );
      const where = asked.length > 0 ? `WHERE ${asked.map(({ sql }) => sql).join(" AND ")}` : "";
      return read(
        `${where} ${BY_NUMBER}`,
        asked.map(({ value }) => value),
      );
    },
    find,
    dependents,
    insert({ after, permissionMode = null, ...given }, known) {
      const { tasks } = touched();
      const number = known === undefined ? nextNumber(db, "t") : takeNumber(db, "t", known);
      const id = TaskId.parse(`t-${number}`);
      const row = { ...given, permissionMode, ...freshTask(now()), id };
      rows.insert(row, { number });
      setAfter(id, after);
      tasks.add(id);
      return { ...row, after: [...new Set(after)] };
    },
    update(id, { after, ...patch }) {
      const { tasks } = touched();
      const before = find(id);
      if (!before) throw notFound("tasks", id);
      const isMoved = patch.status !== undefined && patch.status !== before.status;
      rows.patch("id", id, isMoved ? { ...patch, since: now() } : patch);
      if (after) setAfter(id, after);
      tasks.add(id);
      // What they show of it, "waits for t-3, which is …", has changed.
      if (isMoved) for (const other of dependents(id)) tasks.add(other.id);
    },
  };
}

function freshTask(at: string) {
  return {
    since: at,
    branch: null,
    worktree: null,
    session: null,
    profile: null,
    attempts: 0,
    handoffs: 0,
    commits: 0,
    checks: [],
    progress: null,
    summary: null,
    landed: null,
    createdAt: at,
    handback: null,
    fork: null,
    reminders: 0,
    failures: 0,
  } satisfies Partial<TaskRecord>;
}
