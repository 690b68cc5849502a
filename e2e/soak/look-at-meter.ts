import type { ModelCall } from "../../demo/scripted-model/model-call.ts";
import type { Session } from "../../shared/model/session.ts";
import type { Status } from "../../shared/model/status.ts";
import type { Driver } from "./driver.ts";

/** What the meter showed, between two moments at which the model's log was looked at. */
export interface Look {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly status: { readonly profiles: readonly LookedProfile[] };
  readonly sessions: readonly LookedSession[];
}
type LookedProfile = Pick<
  Status["profiles"][number],
  "name" | "state" | "cap" | "live" | "windows"
>;
type LookedSession = Pick<Session, "kind" | "state" | "profile" | "providerSession" | "endedAt">;

type Call = Pick<ModelCall, "session" | "profile" | "startMs" | "endMs">;

export async function lookAtMeter(driver: Driver): Promise<Look> {
  for (;;) {
    const beforeMs = Date.now();
    const before = await driver.read("session.list", {});
    const status = await driver.read("app.status", {});
    const sessions = await driver.read("session.list", {});
    // Only where nothing began or ended between the questions do their answers belong to one moment.
    const isStill = namesOf(before) === namesOf(sessions);
    if (isStill) return { beforeMs, afterMs: Date.now(), status, sessions };
  }
}

/**
 * Holds one look against the model's log, which knows nothing of Switchyard: a conversation lives from its first call to its last
 * one, on the login that it called with. `calls` are all main calls of the run, `all` the sessions at its end.
 */
export function judgeLook(
  { beforeMs, afterMs, status, sessions }: Look,
  name: string,
  calls: readonly Call[],
  all: readonly Pick<Session, "providerSession">[],
): { readonly alive: number; readonly troubles: readonly string[] } {
  const troubles: string[] = [];
  const at = new Date(beforeMs).toISOString();
  const live = sessions.filter((session) => isLive(session) && session.profile === name);
  const meter = status.profiles.find((profile) => profile.name === name);
  if (meter?.live !== live.length)
    troubles.push(`${at}: the meter of ${name} shows ${meter?.live}, and ${live.length} live.`);
  if (live.length > (meter?.cap ?? 0))
    troubles.push(`${at}: ${live.length} live on ${name}, whose cap is ${meter?.cap}.`);

  const shown = new Set<string>(live.map(({ providerSession }) => providerSession));
  // One that is being started has its slot, and may be taken back before it ever calls.
  const coming = new Set<string>(
    live.filter(({ state }) => state === "starting").map(({ providerSession }) => providerSession),
  );
  const conversations = Map.groupBy(
    calls.filter(({ profile }) => profile === name),
    ({ session }) => session,
  );
  let alive = 0;
  for (const [conversation, its] of conversations) {
    const runs = all.filter(({ providerSession }) => providerSession === conversation);
    // One that went out again was not alive between its sessions, and the log does not say when that was.
    const isAlive =
      runs.length === 1
        ? its.some(({ startMs }) => startMs <= beforeMs) &&
          its.some(({ endMs }) => endMs >= afterMs)
        : its.some(({ startMs, endMs }) => startMs <= beforeMs && endMs >= afterMs);
    if (!isAlive) continue;
    alive += 1;
    if (!shown.has(conversation))
      troubles.push(`${at}: ${conversation} lives on ${name}, and the meter leaves it out.`);
  }
  // Whoever is shown and not in the log at that moment comes up or goes: the log knows it before or after.
  for (const conversation of shown) {
    if (coming.has(conversation)) continue;
    if (!calls.some(({ session }) => session === conversation))
      troubles.push(`${at}: ${conversation} is shown on ${name}, and it never called the model.`);
    else if (!conversations.has(conversation))
      troubles.push(`${at}: ${conversation} is shown on ${name}, and never called with its login.`);
  }
  return { alive, troubles };
}

const isLive = ({ endedAt, kind }: LookedSession) => endedAt === null && kind === "worker";
const namesOf = (sessions: readonly Session[]) =>
  sessions
    .filter(isLive)
    .map(({ id }) => id)
    .join();
