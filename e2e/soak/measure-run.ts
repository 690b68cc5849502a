import { type OpenSpan, openBut } from "./plan-ideal.ts";
import type { ProfilesRun, RunCall, RunSession } from "./profiles-run.ts";

const EVER = Number.POSITIVE_INFINITY;

/** A session's calls, all on the login of one profile. */
export interface CallSpan {
  readonly session: RunSession;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly calls: readonly RunCall[];
}

/** A conversation that was continued lived once for each of its sessions: a call belongs to the newest one begun before it. */
export function spansOf({ sessions }: ProfilesRun, main: readonly RunCall[]): readonly CallSpan[] {
  const bySession = Map.groupBy(main, (call) =>
    sessions.findLast(
      ({ providerSession, startedMs }) =>
        providerSession === call.session && startedMs <= call.startMs,
    ),
  );
  return [...bySession].flatMap(([session, calls]) =>
    session
      ? [
          {
            session,
            calls: calls.toSorted((a, b) => a.startMs - b.startMs),
            fromMs: Math.min(...calls.map(({ startMs }) => startMs)),
            untilMs: Math.max(...calls.map(({ endMs }) => endMs)),
          },
        ]
      : [],
  );
}

/** How long a task kept its slots busy: from its first call to its last, less what it waited for its provider, and once the start and end of a session alone. */
export function serviceOf(
  spans: readonly CallSpan[],
  task: string,
  { before, after }: ProfilesRun["aloneMs"],
): number {
  const own = spans.filter(({ session }) => session.task === task);
  return own.reduce((sum, span) => sum + workedMs(span), before + after);
}

function workedMs({ calls, untilMs }: CallSpan): number {
  let workedMs = 0;
  let sinceMs: number | null = null;
  for (const { status, startMs } of calls) {
    if (status !== 429 && status !== 401) sinceMs ??= startMs;
    else if (sinceMs !== null) {
      workedMs += startMs - sinceMs;
      sinceMs = null;
    }
  }
  return sinceMs === null ? workedMs : workedMs + untilMs - sinceMs;
}

export function slotsOf(run: ProfilesRun, until: "rest" | "reset") {
  return run.profiles.flatMap(({ name, cap }) => {
    const closed = run.troubles
      .filter((trouble) => trouble.kind !== "crowded")
      .filter(({ profile }) => profile === name)
      .map((trouble) => ({
        fromMs: trouble.fromMs,
        untilMs:
          trouble.kind === "window" && until === "rest" ? endOfRest(run, trouble) : trouble.untilMs,
      }));
    return Array.from({ length: cap }, (_, n) => {
      // A slot beyond the learned cap is open until that is known.
      const learned = run.changes.find(
        ({ profile, learnedCap }) => profile === name && learnedCap !== null && learnedCap <= n,
      );
      const lost = learned ? [{ fromMs: learned.atMs, untilMs: EVER }] : [];
      return openBut(run.startedMs, [...closed, ...lost]);
    });
  });
}

export function livingAt(spans: readonly CallSpan[], name: string, atMs: number): number {
  return spans.filter(
    ({ session, fromMs, untilMs }) => session.profile === name && fromMs <= atMs && untilMs > atMs,
  ).length;
}

export function peakOf(spans: readonly CallSpan[], name: string): number {
  const own = spans.filter(({ session }) => session.profile === name);
  return Math.max(0, ...own.map(({ fromMs }) => livingAt(spans, name, fromMs)));
}

export function callsDuring(
  main: readonly RunCall[],
  { profile: name, fromMs, untilMs }: OpenSpan & { readonly profile: string },
): readonly RunCall[] {
  return main.filter(
    ({ profile, startMs }) => profile === name && startMs > fromMs && startMs < untilMs,
  );
}

export function windowsOf({ troubles }: ProfilesRun) {
  return troubles.flatMap((trouble) => (trouble.kind === "window" ? [trouble] : []));
}

/** When the app let the profile work again: its reset and a while, so that not everybody comes back in the same second. */
export function endOfRest(
  { changes }: ProfilesRun,
  { profile: name, untilMs }: OpenSpan & { readonly profile: string },
): number {
  const own = changes.filter(({ profile, from, to }) => profile === name && from !== to);
  const over = own.find(
    ({ from, to, atMs }) => from === "resting" && to !== "resting" && atMs >= untilMs,
  );
  return over?.atMs ?? untilMs;
}

export function windowPeakOf({ looks }: ProfilesRun, name: string): number {
  return Math.max(
    0,
    ...looks.map(
      ({ status }) =>
        status.profiles.find((profile) => profile.name === name)?.windows.fiveHour?.usedPercent ??
        0,
    ),
  );
}
