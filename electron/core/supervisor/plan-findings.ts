import type { Concern } from "../../../shared/model/session.ts";

/** Told from this share of a budget on. */
const TOLD_AT = 0.8;
/** What runs on to this many times its limit is not left to itself any more. */
const ACT_AT = 2;
/** The same call that fails each time says sooner than one that succeeds that nothing comes of it. */
const FAILING_SHARE = 0.6;
/** Attempts to mend between two failures are work: only so many times as many failures are too many. */
const MENDING_FACTOR = 2;

/** One thing wrong with a session now. `tell`: only the person is told; `act`: it is interrupted, then paused; `stop`: paused at once. */
export interface Finding {
  readonly kind: Concern["kind"];
  readonly text: string;
  readonly weight: "tell" | "act" | "stop";
}

/** Null: not watched. */
export interface WatchLimits {
  readonly silenceMinutes: number | null;
  readonly repeats: number | null;
  readonly tokensWithoutCommit: number | null;
  readonly fleetSharePercent: number | null;
  readonly taskUsd: number | null;
  readonly taskTokens: number | null;
  readonly taskMinutes: number | null;
  readonly dayUsd: number | null;
  readonly windowPercent: number | null;
}

/** What is measured of a session, its task and its profile. */
export interface Measured {
  readonly isWorking: boolean;
  /** Since it last printed or signalled anything. */
  readonly silentMs: number;
  readonly run: {
    readonly text: string;
    readonly count: number;
    readonly failed: number;
    readonly failing: { readonly text: string; readonly count: number } | null;
  } | null;
  readonly tokensSinceCommit: number;
  /** Of all tokens that the fleet used of late; null while too little is used, or nobody else works. */
  readonly fleetShare: number | null;
  readonly taskUsd: number;
  readonly taskTokens: number;
  readonly taskMinutes: number;
  readonly dayUsd: number;
  /** The fullest usage window of its profile. */
  readonly windowPercent: number;
}

/** Everything wrong now, the gravest first. */
export function planFindings(limits: WatchLimits, now: Measured): readonly Finding[] {
  const found = [...findBudgets(limits, now), ...(now.isWorking ? findStraying(limits, now) : [])];
  return found.toSorted((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight));
}

const WEIGHTS: readonly Finding["weight"][] = ["stop", "act", "tell"];

function findBudgets(limits: WatchLimits, now: Measured): readonly Finding[] {
  const usd = (amount: number) => `$${amount.toFixed(2)}`;
  return [
    budget(
      limits.taskUsd,
      now.taskUsd,
      (used, of) => `the task has cost ${usd(used)} of ${usd(of)}`,
    ),
    budget(
      limits.taskTokens,
      now.taskTokens,
      (used, of) => `the task has used ${count(used)} of ${count(of)} tokens`,
    ),
    budget(
      limits.taskMinutes,
      now.taskMinutes,
      (used, of) => `the task has been worked on for ${Math.floor(used)} of ${of} minutes`,
    ),
    budget(limits.dayUsd, now.dayUsd, (used, of) => `today has cost ${usd(used)} of ${usd(of)}`),
    budget(
      limits.windowPercent,
      now.windowPercent,
      (used, of) =>
        `its profile's usage window is at ${Math.floor(used)} % of the ${of} % it may use`,
    ),
  ].flat();
}

function budget(
  limit: number | null,
  used: number,
  say: (used: number, limit: number) => string,
): readonly Finding[] {
  if (limit === null || used < limit * TOLD_AT) return [];
  return [{ kind: "budget", text: say(used, limit), weight: used >= limit ? "stop" : "tell" }];
}

function findStraying(limits: WatchLimits, now: Measured): readonly Finding[] {
  return [
    ...findRepeats(limits.repeats, now.run),
    above(
      "silent",
      limits.silenceMinutes,
      now.silentMs / 60_000,
      (minutes) => `it has printed and signalled nothing for ${Math.floor(minutes)} minutes`,
    ),
    above(
      "no-commits",
      limits.tokensWithoutCommit,
      now.tokensSinceCommit,
      (tokens) => `it has used ${count(tokens)} tokens since its branch last moved`,
    ),
    // A large share harms nobody by itself: it is for the person to judge.
    above(
      "fleet-share",
      limits.fleetSharePercent,
      now.fleetShare,
      (percent) => `it uses ${Math.floor(percent)} % of what all workers use`,
    ).map((finding) => ({ ...finding, weight: "tell" as const })),
  ].flat();
}

function findRepeats(limit: number | null, run: Measured["run"]): readonly Finding[] {
  if (limit === null || run === null) return [];
  const isFailing = run.failed === run.count;
  const rowLimit = isFailing ? Math.ceil(limit * FAILING_SHARE) : limit;
  const row = above(
    "repeats",
    rowLimit,
    run.count,
    (times) =>
      `it has made the same call ${times} times in a row (${cut(run.text)})${isFailing ? ", and it fails each time" : ""}`,
  );
  const { failing } = run;
  if (row.length > 0 || failing === null) return row;
  return above(
    "repeats",
    limit * MENDING_FACTOR,
    failing.count,
    (times) => `the same call has failed ${times} times (${cut(failing.text)})`,
  );
}

function above(
  kind: Finding["kind"],
  limit: number | null,
  value: number | null,
  say: (value: number) => string,
): readonly Finding[] {
  if (limit === null || value === null || value < limit) return [];
  return [{ kind, text: say(value), weight: value >= limit * ACT_AT ? "act" : "tell" }];
}

function count(tokens: number): string {
  return Math.round(tokens).toLocaleString("en-US");
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
