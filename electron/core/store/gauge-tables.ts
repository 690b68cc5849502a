import { existsSync, renameSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import type { Session } from "../../../shared/model/session.ts";
import type { UsageWindows } from "../../../shared/model/usage-window.ts";
import type { Clock } from "../base/clock.ts";
import { type Columns, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { StoreMode } from "./store-file.ts";
import { historySchema, UsageHistory } from "./usage-history.ts";

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
CREATE TABLE IF NOT EXISTS session_spend (
  session TEXT PRIMARY KEY,
  tokens INTEGER NOT NULL CHECK (tokens >= 0),
  newest TEXT,
  counted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS day_costs (
  day TEXT PRIMARY KEY,
  usd REAL NOT NULL CHECK (usd >= 0)
) STRICT, WITHOUT ROWID;
${historySchema}
PRAGMA user_version = 1;
`;

interface SessionGauge {
  readonly session: SessionId;
  readonly context: Session["context"];
  readonly costUsd: number | null;
}
interface SessionSpend {
  readonly session: SessionId;
  readonly tokens: number;
  /** The newest answer, and how many of its tokens are counted: it is reported again until the next one, and while it grows. */
  readonly newest: string | null;
  readonly counted: number;
}
interface DayCost {
  /** As people of this place call it, such as 2026-11-21. */
  readonly day: string;
  readonly usd: number;
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
const spendColumns: Columns<SessionSpend> = {
  session: "text",
  tokens: "number",
  newest: "text",
  counted: "number",
};
const dayColumns: Columns<DayCost> = { day: "text", usd: "number" };
const profileColumns: Columns<ProfileGauge> = { profile: "text", windows: "json" };

const NO_WINDOWS: UsageWindows = { fiveHour: null, sevenDay: null };

/** The newest numbers of sessions and profiles, in `telemetry.db`; all of them are held in memory too. */
export class GaugeTables {
  readonly #db: Database.Database;
  readonly #sessionRows: Rows<SessionGauge>;
  readonly #profileRows: Rows<ProfileGauge>;
  readonly #spendRows: Rows<SessionSpend>;
  readonly #dayRows: Rows<DayCost>;
  readonly #spend = new Map<SessionId, SessionSpend>();
  readonly #clock: Clock;
  readonly #sessions = new Map<SessionId, SessionGauge>();
  readonly #windows = new Map<ProfileName, UsageWindows>();
  /** What was measured before. */
  readonly history: UsageHistory;

  constructor(file: string, clock: Clock, mode: StoreMode) {
    this.#db = openTelemetry(file, clock, mode);
    this.#sessionRows = new Rows(this.#db, "session_gauges", sessionColumns);
    this.#profileRows = new Rows(this.#db, "profile_windows", profileColumns);
    this.#spendRows = new Rows(this.#db, "session_spend", spendColumns);
    this.#dayRows = new Rows(this.#db, "day_costs", dayColumns);
    this.#clock = clock;
    this.history = new UsageHistory(this.#db, clock);
    if (this.#isThere("session_spend"))
      for (const spend of this.#spendRows.select("")) this.#spend.set(spend.session, spend);
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

  setSession(
    id: SessionId,
    { context, costUsd, answer }: Parameters<Store["gauges"]["setSession"]>[1],
    /** The session whose conversation this one goes on; asked for only while this one has no numbers of its own. */
    continued: () => SessionId | null,
  ): void {
    const isCounted = this.#sessions.has(id) && (!answer || this.#spend.has(id));
    const before = isCounted ? null : continued();
    // Whoever goes on with a conversation begins with its last answer and with what it has cost (measured with 2.1.329).
    const spentBefore = before === null ? undefined : this.#spend.get(before);
    const spent = answer && this.#spentWith(id, answer, spentBefore);
    const counted = this.#sessions.get(id) ?? this.#sessions.get(before ?? id);
    const cost = Math.max(0, (costUsd ?? 0) - (counted?.costUsd ?? 0));
    const whole = { session: id, context, costUsd };
    // A kill between them would count what was spent twice, or never.
    this.#inOne(() => {
      if (spent) {
        this.#spendRows.run("DELETE FROM session_spend WHERE session = ?", id);
        this.#spendRows.insert(spent);
        this.history.addTokens(id, spent.tokens - (this.#spend.get(id)?.tokens ?? 0));
      }
      this.#addCost(cost);
      this.#sessionRows.run("DELETE FROM session_gauges WHERE session = ?", id);
      this.#sessionRows.insert(whole);
    });
    if (spent) this.#spend.set(id, spent);
    this.#sessions.set(id, whole);
  }

  tokensOf(id: SessionId): number {
    return this.#spend.get(id)?.tokens ?? 0;
  }

  costOfToday(): number {
    return this.#dayRows.select("WHERE day = ?", [this.#today()])[0]?.usd ?? 0;
  }

  /** What the sessions of these days have cost, in dollars. */
  costSince(sinceMs: number): number {
    if (!this.#isThere("day_costs")) return 0;
    const day = new Date(sinceMs).toISOString().slice(0, 10);
    return this.#dayRows.select("WHERE day >= ?", [day]).reduce((sum, { usd }) => sum + usd, 0);
  }

  #inOne(work: () => void): void {
    this.#db.transaction(work).immediate();
  }

  /** Undefined when the answer is counted already. */
  #spentWith(
    id: SessionId,
    answer: { readonly id: string; readonly tokens: number },
    continued: SessionSpend | undefined,
  ): SessionSpend | undefined {
    const own = this.#spend.get(id);
    const before = own ?? (continued && { ...continued, tokens: 0 });
    const counted = before?.newest === answer.id ? before.counted : 0;
    if (before && answer.tokens <= counted) return undefined;
    const tokens = (before?.tokens ?? 0) + answer.tokens - counted;
    return { session: id, tokens, newest: answer.id, counted: answer.tokens };
  }

  #addCost(usd: number): void {
    if (usd === 0) return;
    const day = this.#today();
    const whole = { day, usd: this.costOfToday() + usd };
    this.#dayRows.run("DELETE FROM day_costs WHERE day = ?", day);
    this.#dayRows.insert(whole);
  }

  #today(): string {
    const now = this.#clock.now();
    const two = (part: number) => String(part).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  /** A file of an older version that is only read has not got every table. */
  #isThere(table: string): boolean {
    const found = this.#db.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table);
    return found !== undefined;
  }

  setWindows(profile: ProfileName, windows: UsageWindows): void {
    const known = this.windowsOf(profile);
    const newest = {
      fiveHour: windows.fiveHour ?? known.fiveHour,
      sevenDay: windows.sevenDay ?? known.sevenDay,
    };
    this.#inOne(() => {
      this.#profileRows.run("DELETE FROM profile_windows WHERE profile = ?", profile);
      this.#profileRows.insert({ profile, windows: newest });
    });
    this.#windows.set(profile, newest);
  }

  /** A later profile of the same name is another login. */
  forgetProfile(profile: ProfileName): void {
    this.forgetWindows(profile);
    this.history.forgetProfile(profile);
  }

  forgetWindows(profile: ProfileName): void {
    this.#profileRows.run("DELETE FROM profile_windows WHERE profile = ?", profile);
    this.#windows.delete(profile);
  }

  close(): void {
    this.#db.close();
  }
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
