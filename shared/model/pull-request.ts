import { z } from "zod";
import { Instant, Oid } from "./ids.ts";
import { PushProblemKind } from "./push-state.ts";

/** Why a pull request is not opened, or not asked after. */
const PullProblem = z.object({
  kind: PushProblemKind,
  text: z.string(),
  /** The way out. */
  hint: z.string(),
  since: Instant,
  tries: z.number().int().min(1),
  /** When it is tried again by itself; null: at once. */
  nextAt: Instant.nullable(),
});

export type PullProblem = z.infer<typeof PullProblem>;

/** The pull request that stands for the landing of an entry, where the project says so. */
export const PullRequest = z.object({
  remote: z.string(),
  /** Short name of the branch that it is to be merged into. */
  target: z.string(),
  /** Null until it is opened, or found open. */
  number: z.number().int().positive().nullable(),
  url: z.string().nullable(),
  /** What has begun on the remote and of which nothing is known yet: after a crash it is looked for there. */
  underWay: z.enum(["push", "open"]).nullable(),
  /** The highest number that the branch had before one was opened: what is above is ours. Null before it was looked for. */
  openedAfter: z.number().int().nonnegative().nullable(),
  /** The commit of the entry's work that is on its branch there; null until that was pushed. */
  pushed: Oid.nullable(),
  /** What of it was there before it was proposed once more. */
  wasPushed: Oid.nullable(),
  /** How often it was asked after and was still open. */
  asks: z.number().int().nonnegative(),
  /** When it is asked after again; null: at once. */
  askAt: Instant.nullable(),
  /** What it was merged as. */
  merged: Oid.nullable(),
  problem: PullProblem.nullable(),
});
export type PullRequest = z.infer<typeof PullRequest>;

/** A new proposal. What it was before on the same remote is gone on with. */
export function freshPull(
  to: Pick<PullRequest, "remote" | "target">,
  known: PullRequest | null,
): PullRequest {
  const isSame = known?.remote === to.remote && known.target === to.target;
  const { number, url, openedAfter } = isSame ? known : NONE;
  const wasPushed = isSame ? (known.pushed ?? known.wasPushed) : null;
  const untried = {
    underWay: null,
    pushed: null,
    asks: 0,
    askAt: null,
    merged: null,
    problem: null,
  };
  return { remote: to.remote, target: to.target, number, url, openedAfter, wasPushed, ...untried };
}

const NONE = { number: null, url: null, openedAfter: null };
