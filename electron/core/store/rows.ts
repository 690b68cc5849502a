import type { Database, Statement } from "better-sqlite3";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";

/** How a field is kept: `json` for lists and objects, `flag` for booleans; null is NULL in every kind. */
type Kind = "text" | "number" | "flag" | "json";
export type Columns<T> = { readonly [K in keyof T]-?: Kind };

type Value = string | number | null;

/** The rows of one table as objects. A field `pinnedProfile` is the column `pinned_profile`. */
export class Rows<T extends object> {
  readonly #db: Database;
  readonly #table: string;
  readonly #columns: readonly (readonly [field: string, column: string, kind: Kind])[];
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();

  constructor(db: Database, table: string, columns: Columns<T>) {
    this.#db = db;
    this.#table = table;
    this.#columns = Object.entries<Kind>(columns).map(([field, kind]) => [
      field,
      toColumn(field),
      kind,
    ]);
  }

  /** `rest` follows FROM <table>; `more` is selected beside the columns. */
  select(rest: string, values: readonly Value[] = [], more = ""): T[] {
    const own = this.#columns.map(([, column]) => `${this.#table}."${column}"`).join(", ");
    const statement = this.#prepare(`SELECT ${own}${more} FROM ${this.#table} ${rest}`);
    // The schema is STRICT and every row was written by `insert` or `patch` of this class.
    return statement.all(...values).map((row) => this.#fromRow(row as Record<string, Value>));
  }

  insert(row: Partial<T> & object, extra: Readonly<Record<string, Value>> = {}): number {
    const given = { ...this.#toColumns(row), ...extra };
    const names = Object.keys(given);
    const sql = `INSERT INTO ${this.#table} (${names.map(quote).join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    return Number(this.#prepare(sql).run(...Object.values(given)).lastInsertRowid);
  }

  /** Throws `not-found` when there is no such row. */
  patch(key: string, id: string | number, patch: object): void {
    const given = this.#toColumns(patch);
    const names = Object.keys(given);
    if (names.length === 0) return;
    const sets = names.map((name) => `${quote(name)} = ?`).join(", ");
    const sql = `UPDATE ${this.#table} SET ${sets} WHERE ${quote(key)} = ?`;
    const { changes } = this.#prepare(sql).run(...Object.values(given), id);
    if (changes === 0) throw notFound(this.#table, id);
  }

  run(sql: string, ...values: Value[]): number {
    return this.#prepare(sql).run(...values).changes;
  }

  /** The first column of the first row. */
  value(sql: string, ...values: Value[]): unknown {
    const row = this.#prepare(sql).get(...values);
    // A row is an object of its columns.
    return row === undefined ? undefined : Object.values(row as object)[0];
  }

  #prepare(sql: string): Statement<unknown[], unknown> {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #toColumns(row: object): Record<string, Value> {
    const given: Record<string, Value> = {};
    for (const [field, column, kind] of this.#columns) {
      const value = (row as Record<string, unknown>)[field];
      if (value !== undefined) given[column] = toValue(value, kind);
    }
    return given;
  }

  #fromRow(row: Readonly<Record<string, Value>>): T {
    const read: Record<string, unknown> = {};
    for (const [field, column, kind] of this.#columns)
      read[field] = fromValue(row[column] ?? null, kind);
    // Every field of T has its column, by the type of `Columns`.
    return read as T;
  }
}

const NOUNS: Readonly<Record<string, string>> = { entries: "queue entry" };

export function notFound(table: string, id: string | number): SwitchyardError {
  const noun = NOUNS[table] ?? table.replace(/s$/, "");
  return new SwitchyardError("not-found", `There is no ${noun} ${id}.`);
}

function toValue(value: unknown, kind: Kind): Value {
  if (value === null) return null;
  if (kind === "json") return JSON.stringify(value);
  if (kind === "flag") return value ? 1 : 0;
  // `Columns` gives these kinds to fields of text and numbers; STRICT refuses anything else.
  return value as string | number;
}

function fromValue(value: Value, kind: Kind): unknown {
  if (value === null) return null;
  if (kind === "json") return JSON.parse(String(value));
  return kind === "flag" ? value === 1 : value;
}

function toColumn(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function quote(name: string): string {
  return `"${name}"`;
}
