import type { Oid } from "../../../shared/model/ids.ts";
import type { PushProblemKind } from "../../../shared/model/push-state.ts";
import { maskKeys } from "../base/mask-keys.ts";
import { hasLargeFiles, keepsLargeFiles } from "./read-oddities.ts";
import { hasCommit, isAncestor, type Repository, readRef } from "./repository.ts";
import {
  CHECKOUT_TIMEOUT_MS,
  GitError,
  type GitResult,
  runGit,
  WRITE_TIMEOUT_MS,
} from "./run-git.ts";

export interface TargetPush {
  readonly repo: Repository;
  readonly remote: string;
  /** Short name of the branch. */
  readonly target: string;
  /** What has landed on it. */
  readonly commit: Oid;
  /** True when the branch was pushed there before: one that is gone since was taken away. */
  readonly wasPushed: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Beside the usual environment of git. */
  readonly env?: Readonly<Record<string, string>>;
}

export type PushOutcome =
  | { readonly kind: "pushed" }
  | {
      readonly kind: "failed";
      readonly why: PushProblemKind;
      readonly text: string;
      readonly hint: string;
    };

type Failure = PushOutcome & { readonly kind: "failed" };

/** No question is asked of anybody: who signs in to a remote has done so before, in whatever way git was told. */
const NEVER_ASK = { GCM_INTERACTIVE: "never", SSH_ASKPASS_REQUIRE: "never" };

/**
 * Pushes what landed to a remote, without force: what the remote has and the commit does not stops it. Repeated after a crash
 * at any point it finishes or finds it done. No hook of the repository runs; what Git LFS does in one is done before.
 */
export async function pushTarget(push: TargetPush): Promise<PushOutcome> {
  const problem = await findSetUpProblem(push);
  if (problem) return problem;
  try {
    return await pushChecked({
      ...push,
      env: { ...NEVER_ASK, ...(await quietSsh(push)), ...push.env },
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    push.signal?.throwIfAborted();
    return classify(push, error.stderr);
  }
}

async function pushChecked(push: TargetPush): Promise<PushOutcome> {
  const { repo, target, signal } = push;
  const there = await readRemote(push);
  let commit = push.commit;
  if (there === commit) return { kind: "pushed" };
  if (there === null && push.wasPushed) return goneThere(push);
  if (there !== null) {
    if (!(await hasCommit(repo, there, signal))) await fetchObjects(push);
    if (await isAncestor(repo, commit, there, signal)) return { kind: "pushed" };
    if (!(await isAncestor(repo, there, commit, signal))) {
      // The person may have brought in what others pushed: then the target as it stands now goes there.
      const tip = await readRef(repo, `refs/heads/${target}`, signal);
      const holds = (older: Oid) => tip !== null && isAncestor(repo, older, tip, signal);
      if (tip === null || !(await holds(there)) || !(await holds(commit))) {
        return rejected(push, await countMissing(push, there));
      }
      commit = tip;
    }
  }
  return (await pushLargeFiles(push, commit)) ?? pushPlainly(push, commit);
}

/** What the remote's branch is at; null where it has none. */
async function readRemote({ repo, remote, target, signal, env = {} }: TargetPush) {
  const args = ["ls-remote", "--refs", "--", remote, `refs/heads/${target}`];
  const options = { signal, env, timeoutMs: WRITE_TIMEOUT_MS };
  const { stdout } = await runGit(repo.commonDir, args, options);
  return /^([0-9a-f]{40,64})\t/.exec(stdout)?.[1] ?? null;
}

/** Without a ref of the person's moving. */
async function fetchObjects({ repo, remote, target, signal, env = {} }: TargetPush): Promise<void> {
  const quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--refmap="];
  const args = ["fetch", ...quiet, "--recurse-submodules=no", "--", remote, `refs/heads/${target}`];
  await runGit(repo.commonDir, args, { signal, env, timeoutMs: CHECKOUT_TIMEOUT_MS });
}

/** The remote takes it only while its branch is where it just said: git sends that value along, and never asks to force. */
async function pushPlainly(push: TargetPush, commit: Oid): Promise<PushOutcome> {
  const { repo, remote, target, signal, env = {} } = push;
  const plain = ["--porcelain", "--no-verify", "--no-follow-tags", "--no-signed"];
  const refspec = `${commit}:refs/heads/${target}`;
  const args = ["push", ...plain, "--recurse-submodules=no", "--", remote, refspec];
  const options = { signal, env, timeoutMs: CHECKOUT_TIMEOUT_MS, okExitCodes: [0, 1] };
  const done = await runGit(repo.commonDir, args, options);
  if (done.exitCode === 0) return { kind: "pushed" };
  return explainRefusal(push, done);
}

function explainRefusal(push: TargetPush, { stdout, stderr }: GitResult): Failure {
  const [, what = "", why = ""] = /^!\t\S+\t\[([^\]]+)\] ?\(?([^\n]*?)\)?$/m.exec(stdout) ?? [];
  // Between the look and the push somebody else was faster.
  if (what === "rejected") return rejected(push, null);
  const said = [...stderr.matchAll(/^remote: *(.*)$/gm)].map(([, line = ""]) => line.trim());
  const words = [why, ...said].filter(Boolean).slice(0, 6).join("; ");
  if (what === "") return classify(push, stderr);
  return failed(
    "refused",
    `${push.remote} does not take ${push.target}: ${clean(words)}.`,
    "Allow it there, or set queue.push to off; then try again.",
  );
}

/** Silenced hooks would leave out the files that Git LFS keeps elsewhere; null when they are there, or there are none. */
async function pushLargeFiles(push: TargetPush, commit: Oid): Promise<Failure | null> {
  const { repo, remote, target, signal, env = {} } = push;
  if (!(await keepsLargeFiles(repo, commit, signal))) return null;
  const options = { signal, env, timeoutMs: CHECKOUT_TIMEOUT_MS };
  if (!(await hasLargeFiles(repo, signal, env)))
    return failed(
      "set-up",
      `${target} keeps large files with Git LFS, which is not installed here: without it they would be missing on ${remote}.`,
      "Install git-lfs, then try again.",
    );
  await runGit(repo.root, ["lfs", "push", remote, `refs/heads/${target}`], options);
  return null;
}

async function findSetUpProblem(push: TargetPush): Promise<Failure | null> {
  const { repo, remote, signal } = push;
  const names = (await runGit(repo.commonDir, ["remote"], { signal })).stdout.split("\n");
  // A name that is none would be taken for a path.
  if (!names.includes(remote)) {
    const known = names.filter(Boolean).join(", ");
    return failed(
      "set-up",
      `There is no remote ${remote} in ${repo.root}.`,
      `Add it with git remote add, or set queue.push to ${known === "" ? "off" : `one of ${known}, or to off`}.`,
    );
  }
  const args = ["config", "--type=bool", "--get", `remote.${remote}.mirror`];
  const mirror = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1, 128] });
  if (mirror.stdout.trim() !== "true") return null;
  return failed(
    "set-up",
    `${remote} is a mirror: git overwrites everything on it with each push.`,
    "Set queue.push to a remote that is none, or to off.",
  );
}

/** Nobody sits at the other end of a question of ssh's. A command that the person set is theirs to make quiet. */
async function quietSsh({ repo, signal }: TargetPush): Promise<Readonly<Record<string, string>>> {
  const args = ["config", "--get", "core.sshCommand"];
  const set = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 1] });
  return set.exitCode === 0 ? {} : { GIT_SSH_COMMAND: "ssh -o BatchMode=yes" };
}

async function countMissing({ repo, commit, signal }: TargetPush, there: Oid): Promise<number> {
  const args = ["rev-list", "--count", "--end-of-options", `${commit}..${there}`];
  return Number((await runGit(repo.commonDir, args, { signal })).stdout);
}

function rejected({ repo, remote, target }: TargetPush, missing: number | null): Failure {
  const count = missing === null ? "commits" : missing === 1 ? "1 commit" : `${missing} commits`;
  return failed(
    "rejected",
    `${target} of ${remote} has ${count} that ${target} here does not have: somebody else pushed.`,
    `Bring them in, in a checkout of ${target}: git -C ${quote(repo.root)} pull --no-rebase ${remote} ${quote(target)}. Then try again; nothing is ever forced, and here the queue goes on.`,
  );
}

function goneThere({ repo, remote, target }: TargetPush): Failure {
  return failed(
    "rejected",
    `${remote} had ${target} from here and has it no more: somebody took it away.`,
    `If it is to be there again: git -C ${quote(repo.root)} push ${remote} ${quote(target)}. Then try again.`,
  );
}

const SIGN_IN =
  /could not read (username|password)|authentication failed|terminal prompts disabled|permission denied|host key verification failed|invalid credentials|access denied|returned error: 40[13]|not authorized/i;

function classify({ repo, remote, target }: TargetPush, stderr: string): Failure {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.find((line) => /^(fatal|error|ssh|git@|remote):?/.test(line)) ?? lines[0];
  const words = clean((telling ?? "git did not say why").replace(/^(fatal|error): /, ""));
  if (SIGN_IN.test(stderr))
    return failed(
      "sign-in",
      `${remote} wants a sign-in that git could not give by itself: ${words}`,
      `In a terminal: git -C ${quote(repo.root)} push ${remote} ${quote(target)}. Once git asks nothing there, try again.`,
    );
  return failed("away", `${remote} cannot be reached: ${words}`, "It is tried again by itself.");
}

/** Without what a remote's address may hold of a sign-in. */
function clean(text: string): string {
  return maskKeys(text.trim().slice(0, 500)).replace(/\/\/[^/\s@]+@/g, "//");
}

function failed(why: PushProblemKind, text: string, hint: string): Failure {
  return { kind: "failed", why, text, hint };
}

/** As a shell takes it for one word. */
function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
