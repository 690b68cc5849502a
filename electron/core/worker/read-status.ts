import type { PersonKey } from "../../../shared/model/person-key.ts";
import type { Evidence, Session } from "../../../shared/model/session.ts";
import type { StatusLevel } from "../provider/evidence.ts";
import type { SessionStatus } from "./session-machine.ts";

/** Edges that say nothing about whether it works. */
const SIDE_EDGES = ["hook:SessionStart", "hook:SessionEnd"];
/** After these no turn is under way; after every other hook one is. */
const ENDS_TURN = ["hook:Stop", "hook:StopFailure", "level:idle", "level:shell"];
const TURN_LEVELS = ["level:busy", "level:idle", "level:shell"];
const KEY = "key:";
const KEYS: readonly string[] = ["Esc", "Ctrl-C", "Enter", "number"] satisfies PersonKey[];
const ASKS = "hook:PermissionRequest";
const LEVELS: readonly string[] = [
  "idle",
  "busy",
  "waiting",
  "shell",
  "unknown",
] satisfies StatusLevel[];

/** Evidence from further ahead than this is from before the clock was set back, and would make all that follows look stale. */
const AHEAD_MAX_MS = 1_000;

/** What the machine needs to know of a session, from its row: after a restart of the core nothing else is left of it. */
export function readStatus(
  session: Pick<Session, "state" | "reason" | "evidence">,
  endAs: SessionStatus["endAs"],
  now: Date,
): SessionStatus {
  const { state, reason } = session;
  const believed = session.evidence.filter(
    ({ at }) => Date.parse(at) <= now.getTime() + AHEAD_MAX_MS,
  );
  const level = newestOf(believed.filter(isLevel));
  const saysTurn = (each: Evidence) => isEdge(each) || TURN_LEVELS.includes(each.signal);
  // Where the clock was set back just now, what was heard last is all there is to go by.
  const turn =
    newestOf(believed.filter(saysTurn)) ?? session.evidence.findLast((each) => saysTurn(each));
  return {
    state,
    reason,
    edgeAt: newestOf(believed.filter(isEdge))?.at ?? null,
    askedAt: newestOf(believed.filter(({ signal }) => signal === ASKS))?.at ?? null,
    level: level ? toLevel(level) : null,
    key: toKey(newestOf(believed.filter(({ signal }) => signal.startsWith(KEY)))),
    isTurnOpen: turn !== undefined && !ENDS_TURN.includes(turn.signal),
    endAs,
  };
}

/** Its program waits at its limit in a menu of its own, where keys would choose something. */
export function isMenuOpen({ state, evidence }: Pick<Session, "state" | "evidence">): boolean {
  return state === "limited" && newestOf(evidence.filter(isLevel))?.signal === "level:waiting";
}

export function isLevel({ signal }: Evidence): boolean {
  return signal.startsWith("level:");
}

export function isEdge({ signal }: Evidence): boolean {
  return signal.startsWith("hook:") && !SIDE_EDGES.includes(signal);
}

/** By when it happened; of two at one moment the one that was heard last. */
export function newestOf(evidence: readonly Evidence[]): Evidence | undefined {
  return evidence.reduce<Evidence | undefined>(
    (newest, each) => (newest === undefined || each.at >= newest.at ? each : newest),
    undefined,
  );
}

function toKey(evidence: Evidence | undefined): SessionStatus["key"] {
  const name = evidence?.signal.slice(KEY.length) ?? "";
  if (!evidence || !KEYS.includes(name)) return null;
  const { signal, at } = evidence;
  // A name that is one of these is a key.
  return { kind: "key-pressed", signal, at, key: name as PersonKey };
}

function toLevel({ signal, at, detail }: Evidence): SessionStatus["level"] {
  const name = signal.slice("level:".length);
  // A name that is one of these is a level.
  const level = LEVELS.includes(name) ? (name as StatusLevel) : "unknown";
  return { kind: "status-level", signal, at, level, waitingFor: detail };
}
