import { existsSync, renameSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import type { UsageWindow, UsageWindows } from "../../../shared/model/profile.ts";
import type { Session } from "../../../shared/model/session.ts";
import type { Clock } from "../base/clock.ts";
import { type Columns, Rows } from "./rows.ts";
import type { StoreMode } from "./store-file.ts";

const schema = `
CREATE TABLE IF NOT EXISTS session_gauges (
  session TEXT PRIMARY KEY,
  context TEXT CHECK (json_type(context) = 'object'),
  cost_usd REAL CHECK (cost_usd >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS profile_windows (
  profile TEXT PRIMARY KEY,
  windows TEXT NOT NULL CHECK (json_type(windows) = 'object')
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
`;

interface SessionGauge {
  readonly session: SessionId;
  readonly context: Session["context"];
  readonly costUsd: number | null;
}
interface ProfileGauge {
  readonly profile: ProfileName;
  readonly windows: UsageWindows;
}

const sessionColumns: Columns<SessionGauge> = {
  session: "text",
  context: "json",
  costUsd: "number",
};
const profileColumns: Columns<ProfileGauge> = { profile: "text", windows: "json" };

const NO_WINDOWS: UsageWindows = { fiveHour: null, sevenDay: null };

/** The newest numbers of sessions and profiles, in `telemetry.db`; all of them are held in memory too. */
export class GaugeTables {
  readonly #db: Database.Database;
  readonly #sessionRows: Rows<SessionGauge>;
  readonly #profileRows: Rows<ProfileGauge>;
  readonly #sessions = new Map<SessionId, SessionGauge>();
  readonly #windows = new Map<ProfileName, UsageWindows>();

  constructor(file: string, clock: Clock, mode: StoreMode) {
    this.#db = openTelemetry(file, clock, mode);
    this.#sessionRows = new Rows(this.#db, "session_gauges", sessionColumns);
    this.#profileRows = new Rows(this.#db, "profile_windows", profileColumns);
    for (const gauge of this.#sessionRows.select("")) this.#sessions.set(gauge.session, gauge);
    for (const gauge of this.#profileRows.select(""))
      this.#windows.set(gauge.profile, gauge.windows);
  }

  ofSession(id: SessionId): Pick<Session, "context" | "costUsd"> {
    const gauge = this.#sessions.get(id);
    return { context: gauge?.context ?? null, costUsd: gauge?.costUsd ?? null };
  }

  windowsOf(profile: ProfileName): UsageWindows {
    return this.#windows.get(profile) ?? NO_WINDOWS;
  }

  setSession(id: SessionId, gauge: Pick<SessionGauge, "context" | "costUsd">): void {
    const whole = { session: id, ...gauge };
    this.#sessionRows.run("DELETE FROM session_gauges WHERE session = ?", id);
    this.#sessionRows.insert(whole);
    this.#sessions.set(id, whole);
  }

  setWindows(profile: ProfileName, windows: UsageWindows): void {
    const known = this.windowsOf(profile);
    const newest = {
      fiveHour: newer(known.fiveHour, windows.fiveHour),
      sevenDay: newer(known.sevenDay, windows.sevenDay),
    };
    this.forgetProfile(profile);
    this.#profileRows.insert({ profile, windows: newest });
    this.#windows.set(profile, newest);
  }

  /** A later profile of the same name is another login. */
  forgetProfile(profile: ProfileName): void {
    this.#profileRows.run("DELETE FROM profile_windows WHERE profile = ?", profile);
    this.#windows.delete(profile);
  }

  close(): void {
    this.#db.close();
  }
}

function newer(known: UsageWindow | null, measured: UsageWindow | null): UsageWindow | null {
  if (!known || !measured) return measured ?? known;
  return measured.measuredAt >= known.measuredAt ? measured : known;
}

/** These numbers come again by themselves, so a damaged file is set aside and a new one made; it is not the store. */
function openTelemetry(file: string, clock: Clock, mode: StoreMode): Database.Database {
  if (mode === "read") return openReadOnly(file);
  try {
    return prepare(new Database(file));
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    if (code !== "SQLITE_NOTADB" && !String(code).startsWith("SQLITE_CORRUPT")) throw error;
    renameSync(file, `${file}.damaged-${clock.now().getTime()}`);
    for (const ending of ["-wal", "-shm"]) rmSync(`${file}${ending}`, { force: true });
    return prepare(new Database(file));
  }
}

function openReadOnly(file: string): Database.Database {
  if (existsSync(file)) return new Database(file, { readonly: true });
  const empty = new Database(":memory:");
  empty.exec(schema);
  return empty;
}

function prepare(db: Database.Database): Database.Database {
  try {
    db.pragma("journal_mode = WAL");
    // A power cut may take the last seconds, never more, and nothing else.
    db.pragma("synchronous = NORMAL");
    db.exec(schema);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
