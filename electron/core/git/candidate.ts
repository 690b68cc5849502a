import type { Oid } from "../../../shared/model/ids.ts";
import type { LandPolicy } from "../../../shared/model/project.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { changedFiles } from "./diff.ts";
import { findTwinPaths } from "./find-twin-paths.ts";
import { mergeTree } from "./merge-tree.ts";
import { conflictedPaths } from "./merged-tree.ts";
import { isAncestor, mergeBase, type Repository, splitZero, treeOf } from "./repository.ts";
import { GitError, runGit } from "./run-git.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface CandidateRequest {
  readonly repo: Repository;
  /** A checkout at `base`: git reads the merge attributes from the folder it runs in. */
  readonly poolWorktree: string;
  readonly base: Oid;
  readonly head: Oid;
  /** Other work that the branch was begun on, which lands in a shape of its own: only what the branch did to it is merged. */
  readonly parent?: Oid | null;
  readonly policy: LandPolicy;
  readonly message: string;
  /** Lines like `Switchyard-Entry: q-4`, which end the message of every commit made here. */
  readonly trailers: readonly string[];
  /** Who commits where git knows nobody. */
  readonly fallback: Person;
  readonly signal?: AbortSignal;
}

export type CandidateOutcome =
  | { readonly kind: "built"; readonly commit: Oid; readonly tree: Oid }
  | { readonly kind: "conflict"; readonly files: readonly string[] }
  /** Paths that are one file where the file system does not tell upper case from lower, or accents apart. */
  | { readonly kind: "twin-paths"; readonly files: readonly string[] }
  /** The base has it all already. */
  | { readonly kind: "contained" };

/**
 * Makes the commit that would land, out of any checkout; no ref moves and no file of the pool worktree changes.
 *
 * A branch to be rebased lands as one commit where replaying its commits one by one would not give the merged tree: the
 * branch holds merges, whose resolutions a replay loses, or a step of it conflicts.
 */
export async function buildCandidate(request: CandidateRequest): Promise<CandidateOutcome> {
  const { repo, base, head, signal } = request;
  if (await isAncestor(repo, head, base, signal)) return { kind: "contained" };

  const merged = await mergeTrees(request, await chooseStand(request), head);
  if (merged.kind === "conflict") return merged;
  const { tree } = merged;
  if (tree === (await treeOf(repo, base, signal))) return { kind: "contained" };
  const files = await newTwinPaths(request, tree);
  if (files.length > 0) return { kind: "twin-paths", files };

  return { kind: "built", commit: await commitByPolicy(request, tree), tree };
}

/**
 * What the head is merged with: the base, or a commit with the base's tree on top of the parent, which makes the parent the merge base.
 * A branch that has merged newer work of the target in since meets it there, and needs no other place.
 */
async function chooseStand(request: CandidateRequest): Promise<Oid> {
  const { repo, base, head, parent = null, signal } = request;
  if (parent === null || (await isAncestor(repo, parent, base, signal))) return base;
  const met = await mergeBase(repo, base, head, signal);
  if (met !== null && !(await isAncestor(repo, met, parent, signal))) return base;
  return commitTree(request, await treeOf(repo, base, signal), [parent], "base of a merge");
}

async function commitByPolicy(request: CandidateRequest, tree: Oid): Promise<Oid> {
  const { policy, base, head } = request;
  const message = withTrailers(request.message, request);
  switch (policy) {
    case "merge":
      return commitTree(request, tree, [base, head], message);
    case "squash":
      return commitTree(request, tree, [base], message, await authorOf(request, head));
    case "rebase":
      return (
        (await replay(request, tree)) ??
        commitTree(request, tree, [base], message, await authorOf(request, head))
      );
    default:
      return unreachable(policy);
  }
}

type Merge =
  | { readonly kind: "clean"; readonly tree: Oid }
  | { readonly kind: "conflict"; readonly files: readonly string[] };

/** Merges two commits without a checkout; the folder's own attributes count. */
export async function mergeTrees(
  request: Pick<CandidateRequest, "poolWorktree" | "signal">,
  ours: Oid,
  theirs: Oid,
): Promise<Merge> {
  const merge = await mergeTree(request.poolWorktree, ours, theirs, { signal: request.signal });
  return merge.isClean
    ? { kind: "clean", tree: merge.tree }
    : { kind: "conflict", files: conflictedPaths(merge) };
}

/** Replays the branch's own commits on the base; null when that does not end at `tree`. */
async function replay(request: CandidateRequest, tree: Oid): Promise<Oid | null> {
  const { repo, base, head, parent: begun = null, signal } = request;
  const own = [`${base}..${head}`, ...(begun === null ? [] : [`^${begun}`])];
  const args = ["rev-list", "--reverse", "--topo-order", "--parents", ...own];
  const { stdout } = await runGit(repo.commonDir, args, { signal });
  let tip = base;
  for (const line of stdout.split("\n").filter(Boolean)) {
    const [commit = "", parent, second] = line.split(" ");
    if (parent === undefined || second !== undefined) return null;
    // A commit with the tip's tree on top of the commit's own parent makes that parent the merge base: a cherry-pick.
    const tipTree = await treeOf(repo, tip, signal);
    const stand = await commitTree(request, tipTree, [parent], "base of a replay");
    const step = await mergeTrees(request, stand, commit);
    if (step.kind === "conflict") return null;
    if (step.tree === tipTree) continue;
    const message = withTrailers(await messageOf(request, commit), request);
    tip = await commitTree(request, step.tree, [tip], message, await authorOf(request, commit));
  }
  return (await treeOf(repo, tip, signal)) === tree ? tip : null;
}

export async function commitTree(
  request: Pick<CandidateRequest, "repo" | "fallback" | "signal">,
  tree: Oid,
  parents: readonly Oid[],
  message: string,
  author: Readonly<Record<string, string>> = {},
): Promise<Oid> {
  const args = ["commit-tree", tree, ...parents.flatMap((each) => ["-p", each]), "-F", "-"];
  const { repo, signal, fallback } = request;
  const run = (env: Readonly<Record<string, string>>) =>
    runGit(repo.commonDir, args, { signal, env, input: message, okExitCodes: [0, 128] });
  const asPerson = await run(author);
  if (asPerson.exitCode === 0) return asPerson.stdout.trim();
  if (!/tell me who you are|ident name/i.test(asPerson.stderr)) throw new GitError(args, asPerson);

  const asFallback = await run({
    GIT_AUTHOR_NAME: fallback.name,
    GIT_AUTHOR_EMAIL: fallback.email,
    GIT_COMMITTER_NAME: fallback.name,
    GIT_COMMITTER_EMAIL: fallback.email,
    ...author,
  });
  if (asFallback.exitCode !== 0) throw new GitError(args, asFallback);
  return asFallback.stdout.trim();
}

/** Who wrote a commit and when, as variables of git. */
export async function authorOf(request: Pick<CandidateRequest, "repo" | "signal">, commit: Oid) {
  const args = ["log", "-1", "--format=%an%x00%ae%x00%ad", "--date=raw", commit, "--"];
  const { stdout } = await runGit(request.repo.commonDir, args, { signal: request.signal });
  const [name = "", email = "", date = ""] = stdout.replace(/\n$/, "").split("\0");
  // Without the sign a number of few digits is no time to git.
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: `@${date}` };
}

async function messageOf(request: CandidateRequest, commit: Oid): Promise<string> {
  const args = ["log", "-1", "--format=%B", commit, "--"];
  return (await runGit(request.repo.commonDir, args, { signal: request.signal })).stdout;
}

/**
 * Trailers are the last paragraph of a message; one that is there already is continued. Lines of ours that a message brings along, as a
 * landed commit that was picked once more does, are of another landing. One that says nothing says what the landing says.
 */
function withTrailers(
  message: string,
  { message: landing, trailers }: Pick<CandidateRequest, "message" | "trailers">,
): string {
  const text = ownText(message) || ownText(landing);
  const lastParagraph = text.split(/\n\s*\n/).at(-1) ?? "";
  const hasTrailers =
    lastParagraph !== text &&
    lastParagraph.split("\n").every((line) => /^[A-Za-z][A-Za-z0-9-]*: \S/.test(line));
  return `${text}${hasTrailers ? "\n" : "\n\n"}${trailers.join("\n")}\n`;
}

function ownText(message: string): string {
  return message.replace(/^Switchyard-[A-Za-z]+: .*$\n?/gm, "").trim();
}

async function newTwinPaths(request: CandidateRequest, tree: Oid): Promise<readonly string[]> {
  const changed = await changedFiles(request.repo, request.base, tree, request.signal);
  const added = changed.filter((file) => file.old === null).map((file) => file.path);
  if (added.length === 0) return [];
  const args = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", tree];
  const all = await runGit(request.repo.commonDir, args, { signal: request.signal });
  return findTwinPaths(splitZero(all.stdout), added);
}
