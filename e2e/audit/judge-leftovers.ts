import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { askGit, linesOf } from "./ask-git.ts";
import type { Landed } from "./judge-landings.ts";
import { commonFolder } from "./read-target.ts";

const CLOSED = ["landed", "returned", "removed"];

/** I7: after a core has ended or come back, no landing is half told and no lock is left. */
export function judgeLocks({ repository, rows }: Landed): readonly string[] {
  const common = commonFolder(repository);
  const locks = readdirSync(common, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(".lock"),
  );
  const open = rows.landings.filter(({ state }) => state === "intent");
  return [
    ...locks.map(
      (lock) => `I7: a lock is left: ${relative(common, join(lock.parentPath, lock.name))}`,
    ),
    ...open.map(({ id }) => `I7: landing ${id} was announced and is not settled`),
  ];
}

/** I9: no candidate, worktree or process of the queue outlives what it was for. */
export function judgeLeftovers(landed: Landed, home: string): readonly string[] {
  return [...judgeCandidates(landed), ...judgeWorktrees(landed, home), ...judgeProcesses(home)];
}

function judgeCandidates({ repository, rows }: Landed): readonly string[] {
  const own = `refs/switchyard/cand/${rows.identity}`;
  const refs = linesOf(askGit(repository, "for-each-ref", "--format=%(refname)", own));
  return refs.flatMap((ref) => {
    const entry = rows.entries.find(({ id }) => id === basename(ref));
    return entry && !CLOSED.includes(entry.state) ? [] : [`I9: a candidate is left: ${ref}`];
  });
}

function judgeWorktrees({ repository }: Landed, home: string): readonly string[] {
  const listed = askGit(repository, "worktree", "list", "--porcelain", "-z").split("\0\0");
  const ours = listed
    .map((one) => one.split("\0"))
    .filter(([path = ""]) => path.startsWith(`worktree ${home}/`));
  const known = ours.map(([path = ""]) => path.slice("worktree ".length));
  const broken = known.filter(
    (path, at) => !existsSync(join(path, ".git")) || ours[at]?.includes("locked initializing"),
  );
  return [
    ...broken.map((path) => `I9: half a worktree is left: ${path}`),
    ...poolFolders(home)
      .filter((folder) => !known.includes(folder))
      .map((folder) => `I9: a folder is left that is no worktree: ${folder}`),
  ];
}

/** Only Linux says where a process works. */
function judgeProcesses(home: string): readonly string[] {
  if (!existsSync("/proc/self/cwd")) return [];
  const pools = poolFolders(home);
  return readdirSync("/proc").flatMap((pid) => {
    const place = /^\d+$/.test(pid) ? folderOf(pid) : null;
    const isOurs = place !== null && pools.some((pool) => `${place}/`.startsWith(`${pool}/`));
    return isOurs ? [`I9: process ${pid} still works in ${place}`] : [];
  });
}

function folderOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It ended meanwhile, or is somebody else's.
    return null;
  }
}

/** Where the queue checks, one or more a project. */
function poolFolders(home: string): readonly string[] {
  const worktrees = join(home, "worktrees");
  if (!existsSync(worktrees)) return [];
  return readdirSync(worktrees).flatMap((project) =>
    readdirSync(join(worktrees, project))
      .filter((name) => name.startsWith(".pool-"))
      .map((name) => join(worktrees, project, name)),
  );
}
