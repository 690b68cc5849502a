import type { Oid } from "../../../shared/model/ids.ts";
import { type CandidateRequest, commitTree, mergeTrees } from "./candidate.ts";
import { changedFiles } from "./diff.ts";
import { type Repository, splitZero, treeOf } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";
import { runGitPatiently } from "./run-git-patiently.ts";

/** What one landing did to the target: everything from `before`, which is not part of it, to `landed`. */
export interface LandedRange {
  readonly before: Oid;
  readonly landed: Oid;
}

/** A landing by rebase is as many commits as its branch had; all of them end with the same trailer. */
const COMMITS_MAX = 1_000;
/** Of what came since, so much is looked at: a person who reverts older work sees the newest of it. */
const SINCE_MAX = 1_000;

/** Finds where a landing began: the first commit back from `landed`, along first parents, without this trailer. */
export async function findLandedRange(
  repo: Repository,
  landed: Oid,
  trailer: { readonly key: string; readonly value: string },
  signal?: AbortSignal,
): Promise<LandedRange | null> {
  const values = `%(trailers:key=${trailer.key},valueonly,separator=%x20)`;
  const format = `--format=%H%n%P%n${values}`;
  const args = ["log", "-z", "--first-parent", `--max-count=${COMMITS_MAX}`, format, landed, "--"];
  const { stdout } = await runGit(repo.commonDir, args, { signal });
  let before: Oid | null = null;
  for (const text of splitZero(stdout)) {
    const [oid = "", parents = "", value = ""] = text.split("\n");
    if (oid !== landed && value.trim().split(" ").at(-1) !== trailer.value) break;
    before = parents.split(" ")[0] || null;
  }
  return before === null ? null : { before, landed };
}

export interface RevertRequest extends Pick<CandidateRequest, "repo" | "fallback" | "signal"> {
  /** The tip of the target now. */
  readonly target: Oid;
  readonly range: LandedRange;
  readonly message: string;
}

export type RevertOutcome =
  | { readonly kind: "built"; readonly commit: Oid }
  | { readonly kind: "conflict"; readonly files: readonly string[] }
  /** The target holds nothing of it any more. */
  | { readonly kind: "nothing" };

/**
 * Makes a commit on top of the target that takes a landing back, out of any checkout; no ref moves. It is a merge whose common
 * ancestor is what landed and whose other side is what was there before, so what came since stays.
 */
export async function buildRevert(request: RevertRequest): Promise<RevertOutcome> {
  const { repo, target, range, message, signal } = request;
  const stand = async (commit: Oid, parents: readonly Oid[]) =>
    commitTree(request, await treeOf(repo, commit, signal), parents, "base of a revert");
  const ancestor = await stand(range.landed, []);
  const ours = await stand(target, [ancestor]);
  const theirs = await stand(range.before, [ancestor]);
  // The attributes of the person's own checkout: it is only read.
  const merged = await mergeTrees({ poolWorktree: repo.root, ...only(signal) }, ours, theirs);
  if (merged.kind === "conflict") return merged;
  if (merged.tree === (await treeOf(repo, target, signal))) return { kind: "nothing" };
  return { kind: "built", commit: await commitTree(request, merged.tree, [target], message) };
}

/** Points a branch that was claimed for this at a commit, whether an earlier try made it or not. */
export async function pointBranch(repo: Repository, name: string, commit: Oid): Promise<void> {
  const args = ["update-ref", "--no-deref", `refs/heads/${name}`, commit];
  await runGitPatiently(repo.commonDir, args, { timeoutMs: WRITE_TIMEOUT_MS });
}

/** A commit on the target that touches some of the files asked for. */
export interface LaterCommit {
  readonly oid: Oid;
  readonly subject: string;
  /** What its last line of this key says, e.g. of `Switchyard-Entry`; null without one. */
  readonly trailer: string | null;
  readonly files: readonly string[];
}

/** What came to the target since a landing and touches the same files, newest first. */
export async function findLaterCommits(
  repo: Repository,
  range: LandedRange,
  target: Oid,
  trailerKey: string,
  signal?: AbortSignal,
): Promise<readonly LaterCommit[]> {
  const changed = await changedFiles(repo, range.before, range.landed, signal);
  const wanted = new Set(changed.map((file) => file.path));
  const later: LaterCommit[] = [];
  for (const { oid, paths } of await readSince(repo, range.landed, target, signal)) {
    const files = paths.filter((path) => wanted.has(path));
    if (files.length === 0) continue;
    const format = `--format=%s%n%(trailers:key=${trailerKey},valueonly)`;
    const args = ["log", "-1", format, oid, "--"];
    const { stdout } = await runGit(repo.commonDir, args, { signal });
    const [subject = "", ...values] = stdout.split("\n");
    const trailer = values.filter((line) => line.trim() !== "").at(-1) ?? null;
    later.push({ oid, subject, trailer: trailer?.trim() ?? null, files });
  }
  return later;
}

async function readSince(repo: Repository, since: Oid, target: Oid, signal?: AbortSignal) {
  const list = ["rev-list", "--first-parent", `--max-count=${SINCE_MAX}`, `${since}..${target}`];
  const input = (await runGit(repo.commonDir, list, { signal })).stdout;
  if (input === "") return [];
  const each = ["-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--diff-merges=first-parent"];
  const { stdout } = await runGit(repo.commonDir, ["diff-tree", "--stdin", ...each], {
    signal,
    input,
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  const commits: { oid: Oid; paths: string[] }[] = [];
  const fields = splitZero(stdout);
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? "";
    // A line of a change begins with a colon, and the field after it is its path, whatever that looks like.
    if (!field.startsWith(":")) commits.push({ oid: field.trim(), paths: [] });
    else commits.at(-1)?.paths.push(fields[++at] ?? "");
  }
  return commits;
}

function only(signal: AbortSignal | undefined) {
  return signal ? { signal } : {};
}
