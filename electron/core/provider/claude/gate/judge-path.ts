import path from "node:path";
import { findUnseen } from "./expand-word.ts";
import { type GateContext, type GateHit, hit } from "./gate-rules.ts";

const GLOB = /[*?[]/;
const SYSTEM = /^\/(etc|usr|bin|sbin|lib\w*|boot|sys|proc|var\/(lib|spool)|System|Library)(\/|$)/;
const HARMLESS_DEVICE =
  /^\/dev\/(null|zero|stdout|stderr|stdin|tty|fd\/\d+|ptmx|full|shm\/.+|pts\/\d+)$/;
/** Where Claude Code itself writes with its own tools: plans and what it remembers. */
const OWN_NOTES = /\/(plans|projects\/[^/]+\/memory)\/[^/]+$/;

/** Whether something may be deleted: what is the task's own, or of no lasting worth. */
export function judgeRemoval(
  target: string,
  cwd: string,
  context: GateContext,
  verb = "This would delete",
): GateHit | null {
  if (context.isElsewhere) return null;
  const place = findPlace(target, cwd);
  if (place === null)
    return hit(
      "unseen-path",
      "What this would delete is known only when it runs: a variable that is empty makes it something else.",
    );
  const { rules } = context;
  const real = followParent(place, context);
  const shown = real.isContents ? `everything in ${real.path}` : real.path;
  if (real.path === path.join(rules.worktree, ".git"))
    return hit("delete-outside", `${verb} ${shown}, which ties the worktree to its repository.`);
  if (isBelow(real.path, rules.worktree)) return null;
  if (real.path === rules.worktree && real.isContents) return null;
  if (!isProtected(real.path, context) && rules.temp.some((folder) => isBelow(real.path, folder)))
    return null;
  return hit("delete-outside", `${verb} ${shown}, which is outside this task's worktree.`);
}

/** Whether a file may be written over: not what belongs to the system, the person's set-up, or git itself. */
export function judgeWrite(target: string, cwd: string, context: GateContext): GateHit | null {
  if (context.isElsewhere) return null;
  const place = findPlace(target, cwd);
  if (place === null || place.isContents) return null;
  const { rules, realPath } = context;
  const real = realPath(place.path);
  // Looked at unfollowed: some lead to wherever this very process writes.
  if (HARMLESS_DEVICE.test(place.path)) return null;
  if (real.startsWith("/dev/")) return hit("device", `This would write to the device ${real}.`);
  if (
    real === path.join(rules.worktree, ".git") ||
    isBelow(real, path.join(rules.worktree, ".git"))
  )
    return hit("write-outside", `This would change ${real}, which belongs to git itself.`);
  if ([place.path, real].some((each) => isOwnSettings(each, context)))
    return hit(
      "write-outside",
      `This would change ${real}, which sets up the worker's own program.`,
    );
  if (isBelow(real, rules.worktree)) return null;
  const why = `This would change ${real}, which is outside this task's worktree.`;
  if (isProtected(real, context)) return hit("write-outside", why);
  if (rules.temp.some((folder) => isBelow(real, folder))) return null;
  if (OWN_NOTES.test(real)) return null;
  const inHome = path.relative(rules.home, real);
  const hidden = (inHome.startsWith("..") ? real : inHome)
    .split("/")
    .find((each) => /^\.[^.]/.test(each));
  if (SYSTEM.test(real) || (hidden !== undefined && hidden !== ".cache"))
    return hit("write-outside", why);
  return null;
}

/** Whether a folder is the worktree or below it. */
export function isInWorktree(folder: string, context: GateContext): boolean {
  const { worktree } = context.rules;
  const real = context.realPath(folder);
  return real === worktree || isBelow(real, worktree);
}

interface Place {
  readonly path: string;
  /** What it names is in this folder, not the folder itself. */
  readonly isContents: boolean;
}

/** Where a word of a command leads; null when that cannot be seen. */
function findPlace(target: string, cwd: string): Place | null {
  const unseen = findUnseen(target);
  if (unseen === 0 || target === "") return null;
  const seen = unseen < 0 ? target : target.slice(0, unseen);
  const isContents = unseen >= 0 || GLOB.test(seen);
  const upTo = GLOB.test(seen) ? seen.slice(0, seen.search(GLOB)) : seen;
  // A name that is only begun says no more than the folder it is in.
  const known = isContents ? upTo.slice(0, upTo.lastIndexOf("/") + 1) || "." : upTo;
  if (!path.isAbsolute(known) && findUnseen(cwd) >= 0) return null;
  return { path: path.resolve(cwd, known), isContents };
}

/** A link that is deleted is itself gone, not what it leads to; its folder is where it really is. */
function followParent(place: Place, { realPath }: GateContext): Place {
  if (place.isContents || place.path === "/") return { ...place, path: realPath(place.path) };
  const parent = realPath(path.dirname(place.path));
  return { ...place, path: path.join(parent, path.basename(place.path)) };
}

/** Hooks, permissions and the like, which the program reads from its folder. */
function isOwnSettings(file: string, { rules }: GateContext): boolean {
  return /^\.claude\/settings[^/]*\.json$/i.test(path.relative(rules.worktree, file));
}

function isProtected(place: string, { rules }: GateContext): boolean {
  return rules.protected.some(
    (folder) => place === folder || isBelow(place, folder) || isBelow(folder, place),
  );
}

function isBelow(place: string, folder: string): boolean {
  return place.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
