import type { Oid } from "../../../shared/model/ids.ts";
import type { PushProblemKind } from "../../../shared/model/push-state.ts";
import { maskKeys } from "../base/mask-keys.ts";
import { hasLargeFiles, keepsLargeFiles } from "./read-oddities.ts";
import { hasCommit, isAncestor, type Repository } from "./repository.ts";
import {
  CHECKOUT_TIMEOUT_MS,
  type GitEnvironment,
  GitError,
  type GitResult,
  runGit,
  WRITE_TIMEOUT_MS,
} from "./run-git.ts";

/** A branch as a remote has it. */
export interface RemoteBranch {
  readonly repo: Repository;
  readonly remote: string;
  /** Its short name there. */
  readonly branch: string;
  /** Where the person named the remote, e.g. `queue.push`. */
  readonly setting: string;
  readonly signal?: AbortSignal | undefined;
  /** Beside the usual environment of git. */
  readonly env?: GitEnvironment;
}

export type PushOutcome =
  | { readonly kind: "pushed" }
  | {
      readonly kind: "failed";
      readonly why: PushProblemKind;
      readonly text: string;
      readonly hint: string;
    };

export type PushFailure = PushOutcome & { readonly kind: "failed" };

/** No question is asked of anybody: who signs in to a remote has done so before, in whatever way git was told. */
const NEVER_ASK = { GCM_INTERACTIVE: "never", SSH_ASKPASS_REQUIRE: "never" };

/** What GitHub's own program would hand to git as a sign-in, where the person made it git's credential helper. */
const TOKENS = {
  GH_TOKEN: null,
  GITHUB_TOKEN: null,
  GH_ENTERPRISE_TOKEN: null,
  GITHUB_ENTERPRISE_TOKEN: null,
};

/**
 * Does something on the remote; what is wrong with that, or with the way there, is told as a failure. Git is run in the checkout, from
 * which a relative address counts.
 */
export async function onRemote<T>(
  place: RemoteBranch,
  work: (place: RemoteBranch) => Promise<T>,
): Promise<T | PushFailure> {
  const problem = await findSetUpProblem(place);
  if (problem) return problem;
  try {
    return await work({
      ...place,
      env: { ...NEVER_ASK, ...TOKENS, ...(await quietSsh(place)), ...place.env },
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    place.signal?.throwIfAborted();
    return classify(place, error.stderr);
  }
}

/** Where the remote's branch stands, compared with a commit from here: `ahead` holds it and more, `apart` lacks it. */
export type RemoteStand =
  | { readonly kind: "none" | "same" | "behind" }
  | { readonly kind: "ahead" | "apart"; readonly tip: Oid };

/** Fetches what the remote has and is not here. */
export async function compareRemote(place: RemoteBranch, commit: Oid): Promise<RemoteStand> {
  const { repo, signal } = place;
  const tip = await fetchTip(place);
  if (tip === null) return { kind: "none" };
  if (tip === commit) return { kind: "same" };
  if (await isAncestor(repo, tip, commit, signal)) return { kind: "behind" };
  return { kind: (await isAncestor(repo, commit, tip, signal)) ? "ahead" : "apart", tip };
}

/** What the remote's branch is at, which is here by then; null where it has none. */
export async function fetchTip(place: RemoteBranch): Promise<Oid | null> {
  const tip = await readRemote(place);
  const isHere = tip === null || (await hasCommit(place.repo, tip, place.signal));
  if (!isHere) await fetchRemote(place, null);
  return tip;
}

async function readRemote({ repo, remote, branch, signal, env = {} }: RemoteBranch) {
  const args = ["ls-remote", "--refs", "--", remote, `refs/heads/${branch}`];
  const options = { signal, env, timeoutMs: WRITE_TIMEOUT_MS };
  const { stdout } = await runGit(repo.root, args, options);
  // git tells of each ref whose name ends like this one.
  const lines = stdout.split("\n").map((line) => line.split("\t"));
  return lines.find(([, name]) => name === `refs/heads/${branch}`)?.[0] ?? null;
}

/** Without a ref of the person's moving; `to`, one of ours, follows the remote wherever that went. */
export async function fetchRemote(
  { repo, remote, branch, signal, env = {} }: RemoteBranch,
  to: `refs/switchyard/${string}` | null,
): Promise<void> {
  const quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--refmap="];
  const refspec = to === null ? `refs/heads/${branch}` : `+refs/heads/${branch}:${to}`;
  const args = ["fetch", ...quiet, "--recurse-submodules=no", "--", remote, refspec];
  await runGit(repo.root, args, { signal, env, timeoutMs: CHECKOUT_TIMEOUT_MS });
}

/**
 * The remote takes it only while its branch is where it just said: git sends that value along, and never asks to force. No hook of the
 * repository runs: what Git LFS does in one is to be done before. `rejected`: somebody else was faster.
 */
export async function pushPlainly(
  place: RemoteBranch,
  commit: Oid,
): Promise<PushOutcome | "rejected"> {
  const { repo, remote, branch, signal, env = {} } = place;
  const plain = ["--porcelain", "--no-verify", "--no-follow-tags", "--no-signed"];
  const refspec = `${commit}:refs/heads/${branch}`;
  const args = ["push", ...plain, "--recurse-submodules=no", "--", remote, refspec];
  const options = { signal, env, timeoutMs: CHECKOUT_TIMEOUT_MS, okExitCodes: [0, 1] };
  const done = await runGit(repo.root, args, options);
  if (done.exitCode === 0) return { kind: "pushed" };
  return explainRefusal(place, done);
}

/** How many commits of the remote's `tip` the commit lacks, e.g. `2 commits`. */
export async function nameMissing({ repo, signal }: RemoteBranch, commit: Oid, tip: Oid) {
  const args = ["rev-list", "--count", "--end-of-options", `${commit}..${tip}`];
  const missing = Number((await runGit(repo.commonDir, args, { signal })).stdout);
  return missing === 1 ? "1 commit" : `${missing} commits`;
}

export function pushFailed(why: PushProblemKind, text: string, hint: string): PushFailure {
  return { kind: "failed", why, text, hint };
}

/** As a shell takes it for one word. */
export function quoteWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function explainRefusal(
  place: RemoteBranch,
  { stdout, stderr }: GitResult,
): PushOutcome | "rejected" {
  const [, what = "", why = ""] = /^!\t\S+\t\[([^\]]+)\] ?\(?([^\n]*?)\)?$/m.exec(stdout) ?? [];
  if (what === "rejected") return "rejected";
  const said = [...stderr.matchAll(/^remote: *(.*)$/gm)].map(([, line = ""]) => line.trim());
  const words = [why, ...said].filter(Boolean).slice(0, 6).join("; ");
  if (what === "") return classify(place, stderr);
  return pushFailed(
    "refused",
    `${place.remote} does not take ${place.branch}: ${cleanWords(words)}.`,
    `Allow it there, or set ${place.setting} to off; then try again.`,
  );
}

/** Silenced hooks would leave out the files that Git LFS keeps elsewhere; null when they are there, or there are none. */
export async function pushLargeFiles(
  place: RemoteBranch,
  commit: Oid,
): Promise<PushFailure | null> {
  const { repo, remote, branch, signal, env = {} } = place;
  if (!(await keepsLargeFiles(repo, commit, signal))) return null;
  const options = { signal, env, timeoutMs: CHECKOUT_TIMEOUT_MS };
  if (!(await hasLargeFiles(repo, signal, env)))
    return pushFailed(
      "set-up",
      `${branch} keeps large files with Git LFS, which is not installed here: without it they would be missing on ${remote}.`,
      "Install git-lfs, then try again.",
    );
  // By its own name: the branch here may be elsewhere, or not be at all.
  await runGit(repo.root, ["lfs", "push", remote, commit], options);
  return null;
}

/** What is wrong with the remote that a setting names, as far as it is set up here; nothing is asked of it. */
export async function findSetUpProblem(
  place: Pick<RemoteBranch, "repo" | "remote" | "setting" | "signal">,
): Promise<PushFailure | null> {
  const { repo, remote, setting, signal } = place;
  const names = (await runGit(repo.commonDir, ["remote"], { signal })).stdout.split("\n");
  // A name that is none would be taken for a path.
  if (!names.includes(remote)) {
    const known = names.filter(Boolean).join(", ");
    return pushFailed(
      "set-up",
      `There is no remote ${remote} in ${repo.root}.`,
      `Add it with git remote add, or set ${setting} to ${known === "" ? "off" : `one of ${known}, or to off`}.`,
    );
  }
  const args = ["config", "--type=bool", "--get", `remote.${remote}.mirror`];
  const mirror = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1, 128] });
  if (mirror.stdout.trim() !== "true") return null;
  return pushFailed(
    "set-up",
    `${remote} is a mirror: git overwrites everything on it with each push.`,
    `Set ${setting} to a remote that is none, or to off.`,
  );
}

/** Nobody sits at the other end of a question of ssh's. A command that the person set is theirs to make quiet. */
async function quietSsh({ repo, signal }: RemoteBranch): Promise<Readonly<Record<string, string>>> {
  const args = ["config", "--get", "core.sshCommand"];
  const set = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1] });
  return set.exitCode === 0 ? {} : { GIT_SSH_COMMAND: "ssh -o BatchMode=yes" };
}

const SIGN_IN =
  /could not read (username|password)|authentication failed|terminal prompts disabled|permission denied|host key verification failed|invalid credentials|access denied|returned error: 40[13]|not authorized/i;

function classify({ repo, remote, branch }: RemoteBranch, stderr: string): PushFailure {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.find((line) => /^(fatal|error|ssh|git@|remote):?/.test(line)) ?? lines[0];
  const words = cleanWords((telling ?? "git did not say why").replace(/^(fatal|error): /, ""));
  if (SIGN_IN.test(stderr))
    return pushFailed(
      "sign-in",
      `${remote} wants a sign-in that git could not give by itself: ${words}`,
      `In a terminal: git -C ${quoteWord(repo.root)} push ${remote} ${quoteWord(branch)}. Once git asks nothing there, also without a token in the environment, try again.`,
    );
  return pushFailed(
    "away",
    `${remote} cannot be reached: ${words}`,
    "It is tried again by itself.",
  );
}

/** Without what a remote's address may hold of a sign-in. */
export function cleanWords(text: string): string {
  return maskKeys(text.trim().slice(0, 500)).replace(/\/\/[^/\s@]+@/g, "//");
}
