import type { Database } from "better-sqlite3";
import type { Instant } from "../../../shared/model/ids.ts";
import type { MutableTouched } from "./transaction.ts";

/** What every table needs. */
export interface TableContext {
  readonly db: Database;
  now(): Instant;
  /** The rows the transaction under way has touched; throws outside of one, which is what keeps writes inside. */
  touched(): MutableTouched;
}
