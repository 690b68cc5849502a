import type { Profile } from "../../../shared/model/profile.ts";
import { currentUse } from "../../../shared/model/usage-window.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";

export interface TaskUse {
  readonly usd: number;
  readonly tokens: number;
  readonly minutes: number;
}

/**
 * What a task's sessions have used. After a pause for a budget a person's retry gives the same budget again, so what came before
 * the newest such pause does not count. `isTimed`: false leaves the minutes out, for which every event of its sessions is read.
 */
export function readTaskUse(
  store: Store,
  task: Pick<TaskRecord, "id">,
  now: Date,
  isTimed = true,
): TaskUse {
  const all = store.sessions.list({ task: task.id });
  const counted = all.slice(all.findLastIndex(isPausedForBudget) + 1);
  return counted.reduce<TaskUse>(
    (use, session) => ({
      usd: use.usd + ownCost(session, all),
      tokens: use.tokens + store.gauges.tokensOf(session.id),
      minutes: use.minutes + (isTimed ? minutesOf(store, session, now) : 0),
    }),
    { usd: 0, tokens: 0, minutes: 0 },
  );
}

/** Percent of the fullest window of which something is known now. */
export function fullestWindow({ windows }: Pick<Profile, "windows">, now: Date): number {
  const uses = (["fiveHour", "sevenDay"] as const).map(
    (name) => currentUse(windows[name], name, now.getTime())?.usedPercent ?? 0,
  );
  return Math.max(...uses);
}

function isPausedForBudget({ concern, state }: SessionRecord): boolean {
  return state === "stopped" && concern?.kind === "budget" && concern.step === "paused";
}

/** A conversation that is continued brings along what it has cost so far (measured with 2.1.329). */
function ownCost(session: SessionRecord, all: readonly SessionRecord[]): number {
  const { providerSession, costUsd, id } = session;
  const earlier = all.slice(
    0,
    all.findIndex((each) => each.id === id),
  );
  const before = earlier.findLast(
    (each) => each.providerSession === providerSession && each.costUsd !== null,
  );
  return Math.max(0, (costUsd ?? 0) - (before?.costUsd ?? 0));
}

/** Waiting for a limit, a login or a network is no work, and is charged to nobody. */
function minutesOf(store: Store, { id, startedAt, endedAt }: SessionRecord, now: Date): number {
  const endMs = endedAt === null ? now.getTime() : Date.parse(endedAt);
  let waitedMs = 0;
  let waitsSinceMs: number | null = null;
  for (const { kind, at, data } of store.events.since(0, { subject: id })) {
    if (kind !== "session.state") continue;
    const atMs = Date.parse(at);
    if (waitsSinceMs !== null) waitedMs += Math.max(0, atMs - waitsSinceMs);
    waitsSinceMs = data.to === "limited" ? atMs : null;
  }
  if (waitsSinceMs !== null) waitedMs += Math.max(0, endMs - waitsSinceMs);
  return Math.max(0, endMs - Date.parse(startedAt) - waitedMs) / 60_000;
}
