import { copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface EntryRow {
  readonly id: string;
  readonly task: string;
  readonly branch: string;
  readonly state: string;
  readonly reason: string;
  readonly head: string;
  readonly attempt: number;
  /** What its candidate was put on, and the tree that came of it; null before it was built. */
  readonly base: string | null;
  readonly tree: string | null;
  readonly checks: readonly Ran[];
  /** What its pull request was merged as, and the ref that holds what was fetched of the remote; null where it landed here. */
  readonly merged: { readonly commit: string; readonly fetched: string } | null;
}

export interface Ran {
  readonly command: string;
  readonly exitCode: number | null;
}

export interface LandingRow {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly state: string;
}

export interface VerdictRow {
  readonly tree: string;
  readonly isGreen: boolean;
  readonly results: readonly Ran[];
}

/** What the store says of one project's queue. */
export interface Rows {
  /** Stands in the names of its refs. */
  readonly identity: string;
  /** Commands that have to pass; empty with `isUnchecked` where a person chose so. */
  readonly checks: readonly string[];
  readonly isUnchecked: boolean;
  readonly entries: readonly EntryRow[];
  readonly landings: readonly LandingRow[];
  readonly verdicts: readonly VerdictRow[];
  /** Which task waits for which. */
  readonly after: readonly { readonly task: string; readonly after: string }[];
  /** Pauses, resumes and landings of this queue, in order. */
  readonly events: readonly {
    readonly seq: number;
    readonly kind: string;
    readonly subject: string;
  }[];
}

/** Reads the rows of the project of which the checkout is here, from a copy of the database, so that nothing is left beside it. */
export function readRows(home: string, repository: string, target: string): Rows {
  const copy = mkdtempSync(join(tmpdir(), "switchyard-audit-"));
  try {
    const file = join(copy, "store.db");
    copyFileSync(join(home, "switchyard.db"), file);
    const journal = join(home, "switchyard.db-wal");
    if (existsSync(journal)) copyFileSync(journal, `${file}-wal`);
    const db = new DatabaseSync(file);
    try {
      return readProject(db, repository, target);
    } finally {
      db.close();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

type Row = Readonly<Record<string, string | number | null>>;

function readProject(db: DatabaseSync, repository: string, target: string): Rows {
  // The auditor asks for text and numbers alone.
  const all = (sql: string, ...values: readonly string[]) =>
    db.prepare(sql).all(...values) as Row[];
  const isHere = ({ path }: Row) => realPath(String(path)) === realPath(repository);
  const project = all("SELECT name, path, checks, without_checks FROM projects").find(isHere);
  if (!project) throw new Error(`no project of the store is at ${repository}`);
  const name = String(project.name);
  const [identity] = all("SELECT substr(store, 1, 8) AS short FROM identity");
  return {
    identity: String(identity?.short),
    checks: parse<{ run: string }[]>(project.checks).map(({ run }) => run),
    isUnchecked: project.without_checks === 1,
    entries: all("SELECT * FROM entries WHERE project = ? ORDER BY number", name).map(entryOf),
    landings: all("SELECT * FROM landings WHERE project = ? AND target = ?", name, target).map(
      ({ id, from, to, state }) => ({
        id: Number(id),
        from: String(from),
        to: String(to),
        state: String(state),
      }),
    ),
    verdicts: all("SELECT tree, is_green, results FROM verdicts ORDER BY id").map((row) => ({
      tree: String(row.tree),
      isGreen: row.is_green === 1,
      results: parse<Ran[]>(row.results),
    })),
    after: all(
      "SELECT a.task, a.after FROM task_after a JOIN tasks t ON t.id = a.task WHERE t.project = ?",
      name,
    ).map(({ task, after }) => ({ task: String(task), after: String(after) })),
    events: all(
      `SELECT seq, kind, subject FROM events WHERE kind IN ('queue.paused', 'queue.resumed', 'queue.landing')
       AND (subject = ? OR data ->> 'project' = ?) ORDER BY seq`,
      name,
      name,
    ).map(({ seq, kind, subject }) => ({
      seq: Number(seq),
      kind: String(kind),
      subject: String(subject),
    })),
  };
}

function entryOf(row: Row): EntryRow {
  const text = (value: string | number | null | undefined) =>
    value == null ? null : String(value);
  return {
    id: String(row.id),
    task: String(row.task),
    branch: String(row.branch),
    state: String(row.state),
    reason: String(row.reason ?? ""),
    head: String(row.head),
    attempt: Number(row.attempt),
    base: text(row.base),
    tree: text(row.candidate_tree),
    checks: parse<Ran[]>(row.checks),
    merged: mergedOf(row),
  };
}

function mergedOf(row: Row): EntryRow["merged"] {
  if (row.pull_request == null) return null;
  const pull = parse<{ remote: string; target: string; merged: string | null }>(row.pull_request);
  if (pull.merged === null) return null;
  const [remote, target] = [pull.remote, pull.target].map((name) =>
    name.replace(/[%/]/g, encodeURIComponent),
  );
  return { commit: pull.merged, fetched: `refs/switchyard/remote/${remote}/${target}` };
}

/** The store's own schema says that it is JSON; what is in it is what the auditor is to read. */
function parse<T>(text: Row[string] | undefined): T {
  return JSON.parse(String(text)) as T;
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
