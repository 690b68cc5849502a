import type { Database } from "better-sqlite3";
import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import type { UsageSample } from "../../../shared/model/usage-report.ts";
import { SAME_RESET_MS, type WindowName } from "../../../shared/model/usage-window.ts";
import type { Clock } from "../base/clock.ts";
import { type Columns, Rows } from "./rows.ts";

export const historySchema = `
CREATE TABLE IF NOT EXISTS window_samples (
  profile TEXT NOT NULL,
  window TEXT NOT NULL CHECK (window IN ('fiveHour', 'sevenDay')),
  -- Minutes since 1970: the last measurement of a minute stands for it.
  minute INTEGER NOT NULL,
  at TEXT NOT NULL,
  used_percent REAL NOT NULL CHECK (used_percent >= 0),
  resets_at TEXT NOT NULL,
  PRIMARY KEY (profile, window, minute)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spend_samples (
  session TEXT NOT NULL,
  slot INTEGER NOT NULL,
  tokens INTEGER NOT NULL CHECK (tokens >= 0),
  PRIMARY KEY (slot, session)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS live_peaks (
  profile TEXT NOT NULL,
  day TEXT NOT NULL,
  live INTEGER NOT NULL CHECK (live >= 0),
  PRIMARY KEY (profile, day)
) STRICT, WITHOUT ROWID;
`;

interface SampleRow extends UsageSample {
  readonly profile: ProfileName;
  readonly window: WindowName;
  readonly minute: number;
}
const sampleColumns: Columns<SampleRow> = {
  profile: "text",
  window: "text",
  minute: "number",
  at: "text",
  usedPercent: "number",
  resetsAt: "text",
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A month, and the week that its first day may need. */
const KEPT_MS = 38 * DAY_MS;
/** What is older than this is kept once in a quarter of an hour. */
const WHOLE_MS = 2 * DAY_MS;
const COARSE_MINUTES = 15;
const SLOT_MS = 5 * MINUTE_MS;
const SPEND_KEPT_MS = 8 * DAY_MS;
const PRUNE_EVERY_MS = HOUR_MS;

const toSample = ({ at, usedPercent, resetsAt }: SampleRow): UsageSample => ({
  at,
  usedPercent,
  resetsAt,
});

/** What was measured of usage windows and tokens in the last weeks, in `telemetry.db`. */
export class UsageHistory {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #samples: Rows<SampleRow>;
  #prunedMs = Number.NEGATIVE_INFINITY;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    this.#samples = new Rows(db, "window_samples", sampleColumns);
  }

  addSample(profile: ProfileName, window: WindowName, sample: UsageSample): void {
    const minute = Math.floor(Date.parse(sample.at) / MINUTE_MS);
    const { at, usedPercent, resetsAt } = sample;
    this.#samples.run(
      "INSERT OR REPLACE INTO window_samples VALUES (?, ?, ?, ?, ?, ?)",
      profile,
      window,
      minute,
      at,
      usedPercent,
      resetsAt,
    );
    this.#pruneSometimes();
  }

  /** Oldest first; of the older ones one in a quarter of an hour. */
  samplesOf(profile: ProfileName, window: WindowName, sinceMs: number): UsageSample[] {
    if (!this.#isThere("window_samples")) return [];
    const since = Math.floor(sinceMs / MINUTE_MS);
    return this.#samples
      .select("WHERE profile = ? AND window = ? AND minute >= ? ORDER BY minute", [
        profile,
        window,
        since,
      ])
      .map(toSample);
  }

  firstSampleOf(
    profile: ProfileName,
    window: WindowName,
    { sinceMs, resetsAt }: { readonly sinceMs: number; readonly resetsAt: string },
  ): UsageSample | undefined {
    const resetMs = Date.parse(resetsAt);
    return this.#samples
      .select(
        "WHERE profile = ? AND window = ? AND minute >= ? AND resets_at BETWEEN ? AND ? ORDER BY minute LIMIT 1",
        [
          profile,
          window,
          // Of the minute in which it begins, a part was measured before.
          Math.ceil(sinceMs / MINUTE_MS),
          new Date(resetMs - SAME_RESET_MS).toISOString(),
          new Date(resetMs + SAME_RESET_MS).toISOString(),
        ],
      )
      .map(toSample)[0];
  }

  /** Inside the transaction that counts them. */
  addTokens(session: SessionId, tokens: number): void {
    if (tokens <= 0) return;
    const slot = Math.floor(this.#clock.now().getTime() / SLOT_MS);
    this.#samples.run(
      "INSERT INTO spend_samples VALUES (?, ?, ?) ON CONFLICT (slot, session) DO UPDATE SET tokens = tokens + excluded.tokens",
      session,
      slot,
      tokens,
    );
  }

  tokensSince(sinceMs: number): ReadonlyMap<SessionId, number> {
    if (!this.#isThere("spend_samples")) return new Map();
    const rows = this.#db
      .prepare(
        "SELECT session, sum(tokens) AS tokens FROM spend_samples WHERE slot >= ? GROUP BY session",
      )
      .all(Math.floor(sinceMs / SLOT_MS))
      // Its two columns, of a STRICT table that only this class writes.
      .map((row) => row as { readonly session: SessionId; readonly tokens: number });
    return new Map(rows.map(({ session, tokens }) => [session, tokens]));
  }

  /** The most sessions at once of a day, by profile. */
  noteLive(profile: ProfileName, live: number): void {
    const day = this.#clock.now().toISOString().slice(0, 10);
    this.#samples.run(
      "INSERT INTO live_peaks VALUES (?, ?, ?) ON CONFLICT (profile, day) DO UPDATE SET live = excluded.live WHERE excluded.live > live_peaks.live",
      profile,
      day,
      live,
    );
  }

  /** The most sessions of a profile at once, by day, since then. */
  livePeaks(profile: ProfileName, sinceMs: number): ReadonlyMap<string, number> {
    if (!this.#isThere("live_peaks")) return new Map();
    const rows = this.#db
      .prepare("SELECT day, live FROM live_peaks WHERE profile = ? AND day >= ?")
      .all(profile, new Date(sinceMs).toISOString().slice(0, 10))
      // Its two columns, of a STRICT table that only this class writes.
      .map((row) => row as { readonly day: string; readonly live: number });
    return new Map(rows.map(({ day, live }) => [day, live]));
  }

  forgetProfile(profile: ProfileName): void {
    for (const table of ["window_samples", "live_peaks"])
      this.#samples.run(`DELETE FROM ${table} WHERE profile = ?`, profile);
  }

  #pruneSometimes(): void {
    const sinceMs = this.#clock.monotonicMs();
    if (sinceMs - this.#prunedMs < PRUNE_EVERY_MS) return;
    this.#prunedMs = sinceMs;
    const nowMs = this.#clock.now().getTime();
    const minuteOf = (ms: number) => Math.floor(ms / MINUTE_MS);
    // Also what a clock that ran ahead left behind.
    this.#samples.run(
      "DELETE FROM window_samples WHERE minute < ? OR minute > ?",
      minuteOf(nowMs - KEPT_MS),
      minuteOf(nowMs + DAY_MS),
    );
    this.#samples.run(
      `DELETE FROM window_samples WHERE minute < ? AND EXISTS (SELECT 1 FROM window_samples AS later
        WHERE later.profile = window_samples.profile AND later.window = window_samples.window AND later.minute > window_samples.minute
        AND later.minute / ${COARSE_MINUTES} = window_samples.minute / ${COARSE_MINUTES} AND later.resets_at = window_samples.resets_at)`,
      minuteOf(nowMs - WHOLE_MS),
    );
    this.#samples.run(
      "DELETE FROM spend_samples WHERE slot < ?",
      Math.floor((nowMs - SPEND_KEPT_MS) / SLOT_MS),
    );
    const oldest = new Date(nowMs - KEPT_MS).toISOString().slice(0, 10);
    this.#samples.run("DELETE FROM live_peaks WHERE day < ?", oldest);
  }

  /** A file of an older version that is only read has not got every table. */
  #isThere(table: string): boolean {
    return this.#db.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table) !== undefined;
  }
}
