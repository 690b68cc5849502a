import { EntryId, type ProjectName } from "../../../shared/model/ids.ts";
import { isOpen } from "../../../shared/model/queue-entry.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { nextNumber, takeNumber } from "./next-id.ts";
import { orderOfLanding } from "./order-of-landing.ts";
import { type Columns, notFound, Rows } from "./rows.ts";
import type { EntryRecord, Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

type Row = Omit<EntryRecord, "position">;

const columns: Columns<Row> = {
  id: "text",
  project: "text",
  task: "text",
  branch: "text",
  state: "text",
  reason: "text",
  files: "json",
  head: "text",
  base: "text",
  candidate: "text",
  candidateTree: "text",
  checks: "json",
  conflictsWith: "json",
  approvedAt: "text",
  hotfixAt: "text",
  summary: "text",
  since: "text",
  enqueuedAt: "text",
  attempt: "number",
  priority: "number",
  rank: "number",
  waitsFrom: "text",
  batch: "json",
  pullRequest: "json",
};
type Headed = Pick<Row, "id" | "task" | "head">;
const OPEN = "state NOT IN ('landed', 'returned', 'removed')";

export function createEntryTable({ db, now, touched }: TableContext): Store["entries"] {
  const rows = new Rows<Row>(db, "entries", columns);
  // Without what its checks said, which is long.
  const headed = new Rows<Headed>(db, "entries", { id: "text", task: "text", head: "text" });

  const openIds = (project: ProjectName): readonly EntryId[] =>
    orderOfLanding(rows.select(`WHERE ${OPEN} AND project = ? ORDER BY number`, [project])).map(
      (row) => row.id,
    );

  function read(rest: string, values: readonly string[] = []): readonly EntryRecord[] {
    const queues = new Map<ProjectName, readonly EntryId[]>();
    return rows.select(rest, values).map((row) => {
      if (!isOpen(row.state)) return { ...row, position: 0 };
      const queue = queues.get(row.project) ?? openIds(row.project);
      queues.set(row.project, queue);
      return { ...row, position: queue.indexOf(row.id) + 1 };
    });
  }
  const find = (id: EntryId) => read("WHERE id = ?", [id])[0];
  const demand = (id: EntryId): EntryRecord => {
    const entry = find(id);
    if (!entry) throw notFound("entries", id);
    return entry;
  };

  /** A change of one can change the positions of all. */
  function touchQueue(project: ProjectName): void {
    const { entries } = touched();
    for (const id of openIds(project)) entries.add(id);
  }

  return {
    list(filter = {}) {
      const named = [
        ["project = ?", filter.project],
        ["task = ?", filter.task],
      ] as const;
      const asked = named.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
      const values = asked.map(({ value }) => value);
      const also = asked.map(({ sql }) => ` AND ${sql}`).join("");
      const open =
        filter.isOpen === false
          ? []
          : read(`WHERE ${OPEN}${also} ORDER BY project`, values).toSorted((a, b) =>
              a.project < b.project ? -1 : a.project > b.project ? 1 : a.position - b.position,
            );
      if (filter.isOpen === true) return open;
      const closed = `WHERE NOT (${OPEN})${also} ORDER BY since DESC, number DESC`;
      return [...open, ...read(closed, values)];
    },
    find,
    listByHeads: (project, heads) =>
      headed.select(
        "WHERE head IN (SELECT value FROM json_each(?)) AND project = ? ORDER BY number",
        [JSON.stringify(heads), project],
      ),
    listDecided: (project, count) =>
      read(
        `WHERE project = ? AND state IN ('landed', 'returned') ORDER BY since DESC, number DESC LIMIT ${Math.trunc(count)}`,
        [project],
      ),
    insert(entry, known) {
      touched();
      const [same] = rows.select(`WHERE ${OPEN} AND project = ? AND branch = ?`, [
        entry.project,
        entry.branch,
      ]);
      if (same) {
        throw new SwitchyardError(
          "wrong-state",
          `${entry.branch} is in the merge queue already (${same.id}).`,
        );
      }
      const number = known === undefined ? nextNumber(db, "q") : takeNumber(db, "q", known);
      const id = EntryId.parse(`q-${number}`);
      const last = "SELECT ifnull(max(rank), 0) FROM entries WHERE project = ?";
      const rank = Number(rows.value(last, entry.project)) + 1;
      rows.insert({ ...entry, ...freshEntry(now()), id, rank }, { number });
      touchQueue(entry.project);
      return demand(id);
    },
    update(id, patch) {
      const { entries } = touched();
      const before = demand(id);
      const isMoved = patch.state !== undefined && patch.state !== before.state;
      rows.patch("id", id, isMoved ? { since: now(), ...patch } : patch);
      entries.add(id);
      touchQueue(before.project);
    },
    move(id, position) {
      touched();
      const entry = demand(id);
      if (!isOpen(entry.state)) {
        throw new SwitchyardError("wrong-state", `${id} is ${entry.state}: it has left the queue.`);
      }
      const others = openIds(entry.project).filter((other) => other !== id);
      const at = Math.min(Math.max(position, 1), others.length + 1) - 1;
      const order = [...others.slice(0, at), id, ...others.slice(at)];
      // Priority and waiting come before rank, so the entry takes on those of a new neighbour.
      const neighbour = others[at - 1] ?? others[at];
      if (neighbour !== undefined) {
        const { priority, waitsFrom } = demand(neighbour);
        rows.patch("id", id, { priority, waitsFrom });
      }
      for (const [index, other] of order.entries()) rows.patch("id", other, { rank: index + 1 });
      touchQueue(entry.project);
    },
  };
}

function freshEntry(at: string) {
  return {
    state: "queued",
    reason: null,
    files: [],
    base: null,
    candidate: null,
    candidateTree: null,
    checks: [],
    conflictsWith: [],
    approvedAt: null,
    hotfixAt: null,
    since: at,
    enqueuedAt: at,
    waitsFrom: at,
    batch: null,
    pullRequest: null,
  } satisfies Partial<Row>;
}
