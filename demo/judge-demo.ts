import type { Session } from "../shared/model/session.ts";
import type { ModelCall } from "./scripted-model/model-call.ts";

export interface DemoFinding {
  readonly kind: "unknown-conversation" | "foreign-token" | "cap-exceeded";
  readonly text: string;
}

type JudgedSession = Pick<
  Session,
  "id" | "kind" | "profile" | "providerSession" | "startedAt" | "endedAt"
>;

interface JudgedProfile {
  readonly name: string;
  readonly cap: number;
  /** The end of its token. */
  readonly tail: string;
}

/**
 * What the model's own log says against the app: calls with another profile's token than their session's, and more sessions
 * of a profile at once than its cap. Empty when all was in order.
 */
export function judgeDemo(
  calls: readonly ModelCall[],
  sessions: readonly JudgedSession[],
  profiles: readonly JudgedProfile[],
): readonly DemoFinding[] {
  const ofMessages = calls.filter((call) => call.role !== "other");
  return [
    ...ofMessages.flatMap((call) => judgeToken(call, sessions, profiles)),
    ...profiles.flatMap((profile) => [
      ...judgeCap(profile, "sessions", sessions.filter(isWorkerOf(profile.name)).map(lifeOf)),
      ...judgeCap(profile, "conversations", callsByConversation(ofMessages, profile.tail)),
    ]),
  ];
}

function judgeToken(
  call: ModelCall,
  sessions: readonly JudgedSession[],
  profiles: readonly JudgedProfile[],
): readonly DemoFinding[] {
  const session = sessions
    .filter((each) => each.providerSession === call.session)
    .filter((each) => Date.parse(each.startedAt) <= call.startMs)
    .toSorted((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt))[0];
  if (!session) {
    const text = `Call ${call.seq} came from ${call.session}, which no session had started.`;
    return [{ kind: "unknown-conversation", text }];
  }
  const tail = profiles.find((profile) => profile.name === session.profile)?.tail;
  if (call.tail === tail) return [];
  const text = `Call ${call.seq} of ${session.id} on ${session.profile} carried a token ending in ${call.tail}.`;
  return [{ kind: "foreign-token", text }];
}

interface Life {
  readonly startMs: number;
  readonly endMs: number;
}

function isWorkerOf(profile: string): (session: JudgedSession) => boolean {
  return (session) => session.kind === "worker" && session.profile === profile;
}

function lifeOf(session: JudgedSession): Life {
  return {
    startMs: Date.parse(session.startedAt),
    endMs: session.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(session.endedAt),
  };
}

/** The times at which each conversation with this token had a call under way: what the model itself saw. */
function callsByConversation(calls: readonly ModelCall[], tail: string): readonly Life[] {
  const lives: Life[] = [];
  const byConversation = Map.groupBy(
    calls.filter((call) => call.tail === tail),
    (call) => call.session,
  );
  for (const ofOne of byConversation.values()) {
    let last: Life | null = null;
    for (const call of ofOne.toSorted((one, other) => one.startMs - other.startMs)) {
      if (last && call.startMs <= last.endMs) {
        lives.pop();
        last = { startMs: last.startMs, endMs: Math.max(last.endMs, call.endMs) };
      } else last = { startMs: call.startMs, endMs: call.endMs };
      lives.push(last);
    }
  }
  return lives;
}

function judgeCap(
  profile: JudgedProfile,
  what: string,
  lives: readonly Life[],
): readonly DemoFinding[] {
  const most = mostAtOnce(lives);
  if (most <= profile.cap) return [];
  const text = `${profile.name} had ${most} ${what} at once; its cap is ${profile.cap}.`;
  return [{ kind: "cap-exceeded", text }];
}

/** A life that ends in the very millisecond in which another begins does not overlap it. */
function mostAtOnce(lives: readonly Life[]): number {
  const changes = lives
    .flatMap((life) => [
      { at: life.startMs, by: 1 },
      { at: life.endMs, by: -1 },
    ])
    .toSorted((one, other) => one.at - other.at || one.by - other.by);
  let now = 0;
  let most = 0;
  for (const change of changes) {
    now += change.by;
    most = Math.max(most, now);
  }
  return most;
}
