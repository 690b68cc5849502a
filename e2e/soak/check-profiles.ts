import { unreachable } from "../../shared/model/unreachable.ts";
import { judgeLook } from "./look-at-meter.ts";
import {
  type CallSpan,
  callsDuring,
  endOfRest,
  livingAt,
  peakOf,
  serviceOf,
  slotsOf,
  spansOf,
  windowPeakOf,
  windowsOf,
} from "./measure-run.ts";
import { type OpenSpan, scheduleLongestFirst, soonestPossible } from "./plan-ideal.ts";
import type { ProfilesRun, RunCall, Trouble } from "./profiles-run.ts";

export interface ProfilesFinding {
  readonly kind: "missing" | "cap" | "rest" | "incident" | "meter" | "slow" | "not-played";
  readonly text: string;
}

export interface ProfilesFigures {
  readonly landed: number;
  readonly makespanS: number;
  /** The longest task first, on slots that were open; a resting profile's until the app's rest was over. */
  readonly idealS: number;
  /** The same with the slots open again at the very reset. */
  readonly idealAtResetS: number;
  /** No plan whatever can be done sooner. */
  readonly boundS: number;
  readonly serviceS: readonly [least: number, mean: number, most: number];
  readonly peaks: Readonly<Record<string, number>>;
  /** By profile, as the meter showed them. */
  readonly windowPeaks: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly refused: number;
  /** Of sessions that were in their turn when the rest began, and found out so. */
  readonly refusedInRest: number;
  /** Between the reset and the end of the app's rest, by programs that went on by themselves. */
  readonly aheadOfRest: number;
  readonly looks: number;
  readonly comparedSessions: number;
}

export const MAKESPAN_MAX = 1.15;
/** A call that is refused is tried once more by the program itself. */
const CALLS_TO_FIND_OUT = 2;

/** Judges a run that is over. Pure: the same run always gets the same findings. */
export function checkProfiles(run: ProfilesRun): {
  readonly findings: readonly ProfilesFinding[];
  readonly figures: ProfilesFigures;
} {
  const main = run.calls.filter(({ role }) => role === "main");
  const spans = spansOf(run, main);
  const services = run.tasks.map((task) => serviceOf(spans, task.id, run.aloneMs));
  const lastMs = Math.max(run.startedMs, ...run.tasks.map(({ landedMs }) => landedMs ?? 0));
  const makespanS = (lastMs - run.startedMs) / 1000;
  const slots = slotsOf(run, "rest");
  const toS = (endMs: number) => (endMs - run.startedMs) / 1000;
  const idealS = toS(scheduleLongestFirst(services, slots));
  const idealAtResetS = toS(scheduleLongestFirst(services, slotsOf(run, "reset")));
  const peaks = run.profiles.map(({ name }) => [name, peakOf(spans, name)] as const);
  const rests = run.troubles.flatMap((trouble) => checkTrouble(run, main, trouble));
  const looks = run.looks.flatMap((look) =>
    run.profiles.map(({ name }) => judgeLook(look, name, main, run.sessions)),
  );
  const slow: ProfilesFinding[] =
    makespanS <= idealS * MAKESPAN_MAX
      ? []
      : [
          {
            kind: "slow",
            text: `It took ${makespanS.toFixed(1)} s, more than ${MAKESPAN_MAX} × the ideal ${idealS.toFixed(1)} s.`,
          },
        ];
  const refused = main.filter(({ status }) => status === 429 || status === 401);
  return {
    findings: [
      ...run.tasks.flatMap(checkTask),
      ...run.profiles.flatMap(({ name, cap }) => checkCap(run, spans, name, cap)),
      ...rests,
      ...checkStates(run),
      ...looks.flatMap(({ troubles }) =>
        troubles.map((text): ProfilesFinding => ({ kind: "meter", text })),
      ),
      ...slow,
    ],
    figures: {
      landed: run.tasks.filter(({ status }) => status === "landed").length,
      makespanS,
      idealS,
      idealAtResetS,
      boundS: toS(soonestPossible(services, slots)),
      serviceS: [
        Math.min(...services) / 1000,
        services.reduce((sum, each) => sum + each, 0) / services.length / 1000,
        Math.max(...services) / 1000,
      ],
      peaks: Object.fromEntries(peaks),
      windowPeaks: Object.fromEntries(
        run.profiles.map(({ name }) => [name, windowPeakOf(run, name)]),
      ),
      calls: main.length,
      refused: refused.length,
      refusedInRest: windowsOf(run).flatMap((span) => callsDuring(main, span)).length,
      aheadOfRest: windowsOf(run).flatMap((span) =>
        callsDuring(main, { ...span, fromMs: span.untilMs, untilMs: endOfRest(run, span) }),
      ).length,
      looks: run.looks.length,
      comparedSessions: looks.reduce((sum, { alive }) => sum + alive, 0),
    },
  };
}

function checkTask({
  id,
  status,
  reason,
}: ProfilesRun["tasks"][number]): readonly ProfilesFinding[] {
  return status === "landed"
    ? []
    : [
        {
          kind: "missing",
          text: `${id} has not landed: it is ${status} (${reason ?? "no reason"}).`,
        },
      ];
}

/** At the first call of each session: so many of the same login live, by the log. */
function checkCap(
  { changes }: ProfilesRun,
  spans: readonly CallSpan[],
  name: string,
  cap: number,
): readonly ProfilesFinding[] {
  return spans
    .filter(({ session }) => session.profile === name)
    .flatMap(({ session, fromMs }): readonly ProfilesFinding[] => {
      const known = changes.findLast(({ profile, atMs }) => profile === name && atMs < fromMs);
      const effective = Math.min(cap, known?.learnedCap ?? cap);
      const living = livingAt(spans, name, fromMs);
      if (living <= effective) return [];
      const text = `${session.id} called as number ${living} of ${name}, of which ${effective} may live.`;
      return [{ kind: "cap", text }];
    });
}

function checkTrouble(
  run: ProfilesRun,
  main: readonly RunCall[],
  trouble: Trouble,
): readonly ProfilesFinding[] {
  switch (trouble.kind) {
    case "window":
      return [
        ...checkPlayed(run, trouble.profile, "resting"),
        ...checkQuiet(run, main, trouble, endOfRest(run, trouble)),
      ];
    case "login":
      return [
        ...checkPlayed(run, trouble.profile, "signed-out"),
        ...checkQuiet(run, main, trouble, trouble.untilMs),
      ];
    case "crowded": {
      const { profile, admitted } = trouble;
      const caps = run.changes
        .filter((change) => change.profile === profile && change.learnedCap !== null)
        .map(({ learnedCap }) => learnedCap);
      if (new Set(caps).size === 1 && caps[0] === admitted) return [];
      const text = `${profile} was to learn the cap ${admitted} and learned ${caps.join(", ") || "none"}.`;
      return [{ kind: "not-played", text }];
    }
    default:
      return unreachable(trouble);
  }
}

/** However many sessions are told, it is one change of the profile, and it ends by itself. */
function checkPlayed(
  { changes }: ProfilesRun,
  name: string,
  state: string,
): readonly ProfilesFinding[] {
  const own = changes.filter(({ profile, from, to }) => profile === name && from !== to);
  const count = own.filter(({ to }) => to === state).length;
  const last = own.at(-1)?.to ?? "ready";
  if (count === 0) return [{ kind: "not-played", text: `${name} was never ${state}.` }];
  const findings: ProfilesFinding[] = [];
  if (count > 1)
    findings.push({ kind: "incident", text: `${name} became ${state} ${count} times, not once.` });
  if (last !== "ready")
    findings.push({ kind: "incident", text: `${name} is ${last} in the end, not ready.` });
  return findings;
}

/** While a profile is closed nobody new calls, nobody is answered, and who was in a turn finds out once. */
function checkQuiet(
  { changes, sessions }: ProfilesRun,
  main: readonly RunCall[],
  trouble: OpenSpan & { readonly profile: string },
  startsUntilMs: number,
): readonly ProfilesFinding[] {
  const { profile, fromMs, untilMs } = trouble;
  const told = changes.find(
    (change) => change.profile === profile && change.atMs >= fromMs && change.from !== change.to,
  );
  const knownMs = told?.atMs ?? fromMs;
  const findings: ProfilesFinding[] = sessions
    .filter(
      (session) =>
        session.profile === profile &&
        session.startedMs > knownMs &&
        session.startedMs < startsUntilMs,
    )
    .map(({ id }) => ({ kind: "rest", text: `${id} was started on ${profile}, which rested.` }));
  const during = callsDuring(main, trouble);
  for (const [conversation, calls] of Map.groupBy(during, ({ session }) => session)) {
    const isKnown = main.some(
      ({ session, startMs }) => session === conversation && startMs < knownMs,
    );
    if (!isKnown) {
      const text = `${conversation} called ${profile} for the first time while it rested.`;
      findings.push({ kind: "rest", text });
    } else if (calls.length > CALLS_TO_FIND_OUT) {
      const text = `${conversation} called ${profile} ${calls.length} times while it rested.`;
      findings.push({ kind: "rest", text });
    }
    if (calls.some(({ status }) => status === 200)) {
      const text = `${conversation} was answered on ${profile} between ${fromMs} and ${untilMs}.`;
      findings.push({ kind: "rest", text });
    }
  }
  return findings;
}

/** No profile of which nothing was wanted changes its state, and none becomes an incident. */
function checkStates({ changes, troubles }: ProfilesRun): readonly ProfilesFinding[] {
  return changes.flatMap(({ profile, from, to }): readonly ProfilesFinding[] => {
    const expected = troubles.flatMap((trouble) => {
      if (trouble.profile !== profile || trouble.kind === "crowded") return [];
      return [trouble.kind === "window" ? "resting" : "signed-out"];
    });
    if (from === to || to === "ready" || to === "unchecked" || expected.includes(to)) return [];
    return [{ kind: "incident", text: `${profile} became ${to}, which nobody had a hand in.` }];
  });
}
