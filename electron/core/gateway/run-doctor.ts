import { existsSync, readFileSync, statfsSync } from "node:fs";
import type { Finding } from "../../../shared/contract/app-contract.ts";
import { effectiveCap, type Profile } from "../../../shared/model/profile.ts";

/** Below this the person is told; a worker's worktree, its dependencies and its log want room. */
const DISK_FLOOR_BYTES = 2 * 1024 ** 3;
/** Open files a session needs at most in the terminal host: its terminal, its log, its connections. */
const FILES_PER_SESSION = 8;

export interface DoctorParts {
  readonly home: string;
  readonly profiles: readonly Profile[];
  readonly inspectClaude: () => Promise<Finding>;
  readonly settingsProblems: readonly string[];
  readonly gitVersion: () => Promise<string>;
  readonly hasGitIdentity: () => Promise<boolean>;
  readonly checkProfile: (profile: Profile) => Promise<readonly Finding[]>;
}

/** Looks at everything that a fleet of workers needs, and says for each finding what to do. */
export async function runDoctor(parts: DoctorParts): Promise<readonly Finding[]> {
  const planned = parts.profiles.reduce((sum, profile) => sum + effectiveCap(profile), 0);
  const findings: (Finding | null)[] = [
    examineNode(),
    await examineGit(parts),
    await parts.inspectClaude(),
    examineDisk(parts.home),
    examineOpenFiles(planned),
    examineTerminals(planned),
  ];
  for (const problem of parts.settingsProblems) {
    findings.push({
      name: "Settings",
      result: "bad",
      detail: problem,
      fix: "Correct the file; until then its last good settings are in force.",
    });
  }
  for (const profile of parts.profiles) findings.push(...(await parts.checkProfile(profile)));
  if (parts.profiles.length === 0) {
    findings.push({
      name: "Profiles",
      result: "warning",
      detail: "There is no profile yet, so no worker can start.",
      fix: "switchyard profile add NAME --plan pro",
    });
  }
  return findings.filter((finding) => finding !== null);
}

function examineNode(): Finding {
  return { name: "Node", result: "good", detail: `Node ${process.versions.node}.`, fix: null };
}

async function examineGit({ gitVersion, hasGitIdentity }: DoctorParts): Promise<Finding> {
  const version = await gitVersion().catch(() => null);
  if (version === null)
    return {
      name: "git",
      result: "bad",
      detail: "git does not run.",
      fix: "Install git 2.38 or newer.",
    };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 38)) {
    return {
      name: "git",
      result: "bad",
      detail: `git ${version} cannot merge without a checkout.`,
      fix: "Install git 2.38 or newer.",
    };
  }
  if (!(await hasGitIdentity())) {
    return {
      name: "git",
      result: "warning",
      detail: `git ${version}; it knows no name and e-mail to commit with.`,
      fix: 'git config --global user.name "Your Name" && git config --global user.email you@example.org',
    };
  }
  return { name: "git", result: "good", detail: `git ${version}.`, fix: null };
}

function examineDisk(home: string): Finding {
  const disk = statfsSync(home);
  const freeBytes = disk.bavail * disk.bsize;
  const detail = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free where the data folder is.`;
  if (freeBytes >= DISK_FLOOR_BYTES) return { name: "Disk", result: "good", detail, fix: null };
  return {
    name: "Disk",
    result: "bad",
    detail,
    fix: "Free some space: worktrees and logs of finished tasks can go.",
  };
}

function examineOpenFiles(planned: number): Finding | null {
  const limits = readIfThere("/proc/self/limits");
  const limit = Number(/Max open files\s+(\d+)/.exec(limits ?? "")?.[1] ?? Number.NaN);
  if (Number.isNaN(limit)) return null;
  const needed = planned * FILES_PER_SESSION + 256;
  const detail = `${limit} open files allowed, about ${needed} needed for ${planned} sessions.`;
  return {
    name: "Open files",
    result: limit >= needed ? "good" : "bad",
    detail,
    fix: limit >= needed ? null : `ulimit -n ${needed * 2}`,
  };
}

function examineTerminals(planned: number): Finding | null {
  const max = Number(readIfThere("/proc/sys/kernel/pty/max") ?? Number.NaN);
  const used = Number(readIfThere("/proc/sys/kernel/pty/nr") ?? Number.NaN);
  if (Number.isNaN(max) || Number.isNaN(used)) return null;
  const free = max - used;
  const detail = `${free} pseudo-terminals free, ${planned} needed.`;
  return {
    name: "Terminals",
    result: free >= planned ? "good" : "bad",
    detail,
    fix: free >= planned ? null : `sysctl kernel.pty.max=${max + planned}`,
  };
}

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : null;
}
