import { SessionId } from "../../../shared/model/ids.ts";
import { effectiveCap, type Profile } from "../../../shared/model/profile.ts";
import { isLive } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { GaugeTables } from "./gauge-tables.ts";
import { nextNumber } from "./next-id.ts";
import { type Columns, notFound, Rows } from "./rows.ts";
import type { NewSession, SessionRecord, Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

type Row = Omit<SessionRecord, "context" | "costUsd">;

const columns: Columns<Row> = {
  id: "text",
  kind: "text",
  name: "text",
  pinned: "flag",
  labels: "json",
  task: "text",
  project: "text",
  profile: "text",
  provider: "text",
  providerSession: "text",
  state: "text",
  reason: "text",
  since: "text",
  evidence: "json",
  placement: "json",
  recovery: "json",
  concern: "json",
  permissionMode: "text",
  handoffAsk: "json",
  callRun: "json",
  commitMark: "json",
  movedFrom: "json",
  recordFile: "text",
  spokenModel: "text",
  pid: "number",
  startTicks: "text",
  exit: "json",
  link: "text",
  codeLink: "text",
  startedAt: "text",
  endedAt: "text",
  token: "text",
  folder: "text",
  cwd: "text",
  cols: "number",
  rows: "number",
  signalSeq: "number",
  isResumed: "flag",
};
const LIVE = "state NOT IN ('stopped', 'ended', 'failed')";

export function createSessionTable(
  { db, now, touched }: TableContext,
  profiles: Pick<Store["profiles"], "find">,
  gauges: GaugeTables,
): Store["sessions"] {
  const rows = new Rows<Row>(db, "sessions", columns);
  const read = (rest: string, values: readonly string[] = []): readonly SessionRecord[] =>
    rows.select(rest, values).map((row) => ({ ...row, ...gauges.ofSession(row.id) }));
  const find = (id: SessionId) => read("WHERE id = ?", [id])[0];

  function touch(session: Pick<SessionRecord, "id" | "profile" | "task">): void {
    const { sessions, profiles, tasks } = touched();
    sessions.add(session.id);
    profiles.add(session.profile);
    if (session.task) tasks.add(session.task);
  }

  return {
    list(filter = {}) {
      const live = filter.isLive === undefined ? [] : [filter.isLive ? LIVE : `NOT (${LIVE})`];
      const named = [
        ["project = ?", filter.project],
        ["task = ?", filter.task],
      ] as const;
      const asked = named.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
      const conditions = [...live, ...asked.map(({ sql }) => sql)];
      const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
      return read(
        `${where} ORDER BY number`,
        asked.map(({ value }) => value),
      );
    },
    find,
    findByToken: (token) => read("WHERE token = ?", [token])[0],
    insert(session) {
      touched();
      refuseWhenFull(session, profiles.find(session.profile));
      refuseSecondWriter(session);
      const number = nextNumber(db, "s");
      const id = SessionId.parse(`s-${number}`);
      const row: Row = { ...session, ...freshSession(id, now(), session) };
      rows.insert(row, { number });
      touch(row);
      return { ...row, ...gauges.ofSession(id) };
    },
    update(id, patch) {
      touched();
      const before = find(id);
      if (!before) throw notFound("sessions", id);
      rows.patch("id", id, { ...patch, ...timesOf(before, patch.state) });
      touch(before);
      touch({ ...before, ...dropUndefined(patch) });
    },
  };

  function timesOf(before: SessionRecord, state: SessionRecord["state"] | undefined): Partial<Row> {
    if (state === undefined || state === before.state) return {};
    const at = now();
    if (isLive(state)) return { since: at, endedAt: null };
    return { since: at, endedAt: isLive(before.state) ? at : before.endedAt };
  }

  /** One conversation has one writer, and one task has one worker. The schema holds both; this says it in words. */
  function refuseSecondWriter(session: NewSession): void {
    const same = "(provider_session = ? OR (kind = 'worker' AND ? = 'worker' AND task = ?))";
    const [other] = read(`WHERE ${LIVE} AND ${same}`, [
      session.providerSession,
      session.kind,
      session.task ?? "",
    ]);
    if (!other) return;
    const what =
      other.providerSession === session.providerSession ? "that conversation" : session.task;
    throw new SwitchyardError(
      "wrong-state",
      `${other.id} is still at work on ${what}.`,
      `Stop ${other.id} first.`,
    );
  }
}

/**
 * Whoever asks, whatever they have counted before: inside the transaction that inserts the session, the live ones are counted
 * again.
 */
function refuseWhenFull(session: NewSession, profile: Profile | undefined): void {
  if (!profile) {
    throw new SwitchyardError("unknown-profile", `There is no profile ${session.profile}.`);
  }
  if (session.kind !== "worker" || profile.live < effectiveCap(profile)) return;
  throw new SwitchyardError(
    "cap-full",
    `${profile.name} runs ${profile.live} sessions, which is all it may (${effectiveCap(profile)}).`,
    "Wait for one to end, raise its cap, or use another profile.",
  );
}

function freshSession(id: SessionId, at: string, session: NewSession) {
  return {
    id,
    folder: id,
    since: at,
    startedAt: at,
    endedAt: isLive(session.state) ? null : at,
    exit: null,
    pid: null,
    startTicks: null,
    link: null,
    codeLink: null,
    signalSeq: 0,
    evidence: [],
    labels: [],
    recovery: session.recovery ?? null,
    concern: null,
    permissionMode: null,
    handoffAsk: null,
    callRun: null,
    commitMark: null,
    movedFrom: session.movedFrom ?? null,
    recordFile: null,
    spokenModel: null,
  } satisfies Partial<Row>;
}

function dropUndefined<T extends object>(patch: T): T {
  // Only fields that are there remain, each with its own type.
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as T;
}
