import path from "node:path";
import { findUnseen, UNSEEN } from "./expand-word.ts";
import { firstHit, type GateContext, type GateHit, hit } from "./gate-rules.ts";
import { isInWorktree, judgeRemoval } from "./judge-path.ts";
import type { SeenCommand } from "./read-commands.ts";

/**
 * What git would take from others: history that somebody else holds, branches, stashes and worktrees that all of them share, and
 * files of another checkout. In its own worktree a session may reset, clean and check out what it likes: that is checkpointed.
 */
export function judgeGit(
  words: readonly string[],
  seen: SeenCommand,
  context: GateContext,
): GateHit | null {
  const { place, command, args } = readCall(words, placeOf(seen));
  const has = (...flags: readonly string[]) => args.some((arg) => flags.includes(arg));
  const hasLetter = (letter: string) =>
    args.some((arg) => /^-[a-zA-Z]+$/.test(arg) && arg.includes(letter));
  const isDry = has("--dry-run", "-n") || has("--help", "-h");
  const named = args.filter((arg) => !arg.startsWith("-"));
  switch (command) {
    case "push":
      return isDry ? null : judgePush(args, named, context);
    case "add":
    case "reset":
    case "merge":
    case "rebase":
    case "pull":
    case "cherry-pick":
    case "revert":
    case "am":
    case "bisect":
    case "read-tree":
    case "checkout-index":
      return isDry && !has("-n") ? null : outside(place, `git ${command}`, context);
    case "apply":
      return has("--check", "--stat", "--numstat", "--summary")
        ? null
        : outside(place, "git apply", context);
    case "config":
      return judgeConfig(args, named);
    case "remote":
      return /^(remove|rm|rename|set-url)$/.test(named[0] ?? "")
        ? hit("write-outside", "This would change a remote, which every worktree shares.")
        : null;
    case "clean":
      return isDry || hasLetter("n") || !(has("--force") || hasLetter("f"))
        ? null
        : firstHit(["", ...named], (folder) =>
            outside(resolve(place, folder), "git clean", context),
          );
    case "checkout":
    case "switch":
      return judgeReset(args, context) ?? outside(place, `git ${command}`, context);
    case "restore":
      return has("--staged", "-S") && !has("--worktree", "-W")
        ? null
        : outside(place, "git restore", context);
    case "commit":
      return isDry && !has("-n") ? null : outside(place, "git commit", context);
    case "rm":
    case "mv":
      return isDry || has("--cached") ? null : outside(place, `git ${command}`, context);
    case "fetch":
      return judgeFetch(named, has("--force") || hasLetter("f"), context);
    case "branch":
      return judgeBranch(args, named, hasLetter, context);
    case "tag":
      return has("-d", "--delete") || hasLetter("f")
        ? hit("git-history", "This would delete or move a tag, which every worktree shares.")
        : null;
    case "stash":
      if (named[0] === undefined || named[0] === "push" || named[0] === "save")
        return outside(place, "git stash", context);
      return named[0] === "clear" || named[0] === "drop"
        ? hit(
            "git-history",
            "This would throw away stashed changes; all worktrees share one stash.",
          )
        : null;
    case "worktree":
      return named[0] === "remove" || named[0] === "move"
        ? hit("git-worktree", "This would take away a worktree, with what is not committed in it.")
        : null;
    case "update-ref":
    case "symbolic-ref":
      return named.some((each) => isOwnBranch(each, context)) || named.length === 1
        ? null
        : hit("git-history", `git ${command} moves a branch with nothing to hold it back.`);
    case "filter-branch":
    case "filter-repo":
      return hit("git-history", `git ${command} rewrites history that others hold.`);
    case "reflog":
      return named[0] === "expire" || named[0] === "delete"
        ? hit("git-history", "This would throw away what lost commits are found by.")
        : null;
    case "gc":
    case "prune":
      return args.some((arg) => /^--(prune|expire)=(now|all)/.test(arg)) ||
        (command === "prune" && !isDry)
        ? hit("git-history", "This would delete commits that no branch holds any more.")
        : null;
    default:
      return null;
  }
}

function judgePush(
  args: readonly string[],
  named: readonly string[],
  context: GateContext,
): GateHit | null {
  const refs = named.slice(1);
  if (args.some((arg) => arg === "--mirror" || arg === "--prune"))
    return hit("force-push", "This would make the remote forget every branch that is not here.");
  const isForced = args.some((arg) => /^(--force(-with-lease.*)?|-[a-zA-Z]*f[a-zA-Z]*)$/.test(arg));
  const isDeleting = args.some((arg) => arg === "--delete" || arg === "-d");
  const harmed = refs.filter(
    (ref) =>
      (isForced || isDeleting || /^[+:]/.test(ref)) &&
      !isOwnBranch(ref.replace(/^\+/, "").split(":").at(-1) ?? "", context),
  );
  const why = (what: string) => `This would ${what} on the remote, which others may hold.`;
  if (harmed.length > 0)
    return hit(
      "force-push",
      why(
        isDeleting || harmed.some((ref) => ref.startsWith(":"))
          ? "delete a branch"
          : "overwrite a branch",
      ),
    );
  if (isForced && refs.length === 0) return hit("force-push", why("overwrite a branch"));
  return null;
}

/** Settings that make git run a program; all worktrees of the repository share them. */
const RUNS_SOMETHING =
  /^(core\.(hookspath|fsmonitor|sshcommand|pager|editor|askpass|worktree|bare)|alias\.|filter\.|diff\..*\.(command|textconv)|merge\..*\.driver|credential\.|include|url\.|remote\..*\.(push)?url|gpg\.)/i;

function judgeConfig(args: readonly string[], named: readonly string[]): GateHit | null {
  const words = named.filter((each) => !/^(set|unset|edit)$/.test(each));
  const isReading =
    args.some((arg) => /^(--get.*|--list|-l|--show-.*)$/.test(arg)) ||
    /^(get|list)$/.test(named[0] ?? "");
  const isTaking = args.some((arg) => /^--(unset.*|remove-section|edit)$|^-e$/.test(arg));
  if (isReading || (words.length < 2 && !isTaking && named[0] !== "unset")) return null;
  if (args.some((arg) => /^--(global|system)$/.test(arg)))
    return hit("write-outside", "This would change the person's own settings of git.");
  return RUNS_SOMETHING.test(words[0] ?? "")
    ? hit("write-outside", `This would change ${words[0]}, which every worktree shares.`)
    : null;
}

/** `checkout -B` and `switch -C` move a branch as `branch -f` does. */
function judgeReset(args: readonly string[], context: GateContext): GateHit | null {
  const at = args.findIndex((arg) => /^(-B|-C|--force-create)$/.test(arg));
  const branch = at < 0 ? null : (args[at + 1] ?? "");
  return branch === null || isOwnBranch(branch, context)
    ? null
    : hit("git-history", `This would move the branch ${branch} away from its commits.`);
}

/** What is fetched may go onto a branch of this repository, over what is there. */
function judgeFetch(
  named: readonly string[],
  isForced: boolean,
  context: GateContext,
): GateHit | null {
  const moved = named
    .slice(1)
    .filter((ref) => isForced || ref.startsWith("+"))
    .map((ref) => ref.split(":")[1] ?? "")
    .find((to) => to !== "" && !to.startsWith("refs/remotes/") && !isOwnBranch(to, context));
  return moved === undefined
    ? null
    : hit("git-history", `This would move the branch ${moved} away from its commits.`);
}

function judgeBranch(
  args: readonly string[],
  named: readonly string[],
  hasLetter: (letter: string) => boolean,
  context: GateContext,
): GateHit | null {
  const isForced = args.includes("--force") || hasLetter("f");
  const isDeleting = hasLetter("d") || args.includes("--delete");
  const others = named.filter((each) => !isOwnBranch(each, context));
  if (others.length === 0) return null;
  if (hasLetter("D") || (isDeleting && isForced))
    return hit("git-history", `This would delete the branch ${others[0]}, merged or not.`);
  if (hasLetter("m") || args.includes("--move")) {
    // With one name it is the branch that is checked out, which is the session's own.
    const from = named.length > 1 ? named[0] : undefined;
    if (from !== undefined && !isOwnBranch(from, context))
      return hit("git-history", `This would give the branch ${from} another name.`);
  }
  if (hasLetter("M") || isForced)
    return hit("git-history", `This would move the branch ${others[0]} away from its commits.`);
  return null;
}

function isOwnBranch(ref: string, { rules }: GateContext): boolean {
  return rules.branch !== null && ref.replace(/^refs\/heads\//, "") === rules.branch;
}

function outside(place: string | null, what: string, context: GateContext): GateHit | null {
  if (context.isElsewhere) return null;
  if (place !== null && isInWorktree(place, context)) return null;
  // A repository made below the temporary folders could be deleted as a whole.
  if (place !== null && judgeRemoval(path.join(place, "file"), place, context) === null)
    return null;
  return hit(
    "git-discard",
    `${what} would change or throw away what is in ${place ?? "a folder that cannot be seen"}, which is not this task's worktree.`,
  );
}

/** Options of git itself that take a value of their own. */
const WITH_VALUE = ["-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env"];

/** Where git is told to work before its own words are read: by its environment, or by the folder. */
function placeOf({ cwd, words, scope }: SeenCommand): string {
  const told = ["GIT_WORK_TREE", "GIT_DIR"].flatMap((name) => {
    const given = words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    return given === undefined ? (scope.variables.get(name) ?? []) : [given];
  });
  const [first] = told;
  if (first === undefined) return cwd;
  return resolve(cwd, first.replace(/\/?\.git\/?$/, "") || ".") ?? UNSEEN;
}

function readCall(
  words: readonly string[],
  cwd: string,
): { readonly place: string | null; readonly command: string; readonly args: readonly string[] } {
  let place: string | null = findUnseen(cwd) < 0 ? cwd : null;
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    const next = words[at + 1] ?? "";
    const told = /^--(?:work-tree|git-dir)=(.*)$/.exec(word)?.[1];
    if (word === "-C" || word === "--work-tree") place = resolve(place, next);
    else if (word === "--git-dir") place = resolve(place, next.replace(/\/?\.git\/?$/, "") || ".");
    else if (told !== undefined) place = resolve(place, told.replace(/\/?\.git\/?$/, "") || ".");
    if (word === "-C" || WITH_VALUE.includes(word)) at += 1;
    else if (!word.startsWith("-")) break;
  }
  return { place, command: words[at] ?? "", args: words.slice(at + 1) };
}

function resolve(place: string | null, to: string): string | null {
  if (findUnseen(to) >= 0) return null;
  if (path.isAbsolute(to)) return to;
  return place === null ? null : path.resolve(place, to);
}
