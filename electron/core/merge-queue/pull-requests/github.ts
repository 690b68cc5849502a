import type { PushFailure } from "../../git/remote-branch.ts";
import type { GhEnd, RunGh } from "../../process/run-gh.ts";
import type { ListedPull } from "./plan-proposal.ts";
import {
  explainGh,
  LISTED_FIELDS,
  readListed,
  readPullAddress,
  readViewed,
  strangeAnswer,
  VIEWED_FIELDS,
  type ViewedPull,
} from "./read-gh.ts";

/** One repository at GitHub, as `gh` shows it. */
export interface GitHubPlace {
  readonly runGh: RunGh;
  /** `HOST/OWNER/NAME`. */
  readonly repository: string;
  readonly remote: string;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

interface PullBranches {
  readonly head: string;
  readonly base: string;
}

/** A branch has one open pull request for each base; closed ones of it pile up by hand alone. */
const LISTED_MAX = 100;

/** All that there ever were of this branch for this base, those of other repositories' branches of the name too. */
export async function listPulls(
  place: GitHubPlace,
  { head, base }: PullBranches,
): Promise<readonly ListedPull[] | PushFailure> {
  const which = [`--head=${head}`, `--base=${base}`, "--state=all", `--limit=${LISTED_MAX}`];
  const end = await ask(place, ["list", ...which, `--json=${LISTED_FIELDS}`]);
  const said = saidBy(end);
  if (said === null) return explainGh(end, place, [head, base]);
  return readListed(said) ?? strangeAnswer(said);
}

/** Where another one was opened meanwhile, that one. */
export async function createPull(
  place: GitHubPlace,
  { head, base, title, body }: PullBranches & { readonly title: string; readonly body: string },
): Promise<{ readonly number: number; readonly url: string } | PushFailure> {
  const what = [`--head=${head}`, `--base=${base}`, `--title=${title}`, `--body=${body}`];
  const end = await ask(place, ["create", ...what]);
  const said = saidBy(end);
  if (said !== null) return readPullAddress(said) ?? strangeAnswer(said);
  const isThere = end.kind === "ended" && /already exists/.test(end.stderr);
  return (isThere ? readPullAddress(end.stderr) : null) ?? explainGh(end, place, [head, base]);
}

export async function viewPull(
  place: GitHubPlace,
  number: number,
): Promise<ViewedPull | PushFailure> {
  const end = await ask(place, ["view", String(number), `--json=${VIEWED_FIELDS}`]);
  const said = saidBy(end);
  return said === null ? explainGh(end, place, []) : (readViewed(said) ?? strangeAnswer(said));
}

function ask(
  { runGh, repository, cwd, signal }: GitHubPlace,
  [verb = "", ...args]: readonly string[],
) {
  return runGh(["pr", verb, `--repo=${repository}`, ...args], { cwd, signal });
}

/** Null where it did not do what it was asked. */
function saidBy(end: GhEnd): string | null {
  return end.kind === "ended" && end.exitCode === 0 ? end.stdout : null;
}
