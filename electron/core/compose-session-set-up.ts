import { homedir } from "node:os";
import type { ProjectName } from "../../shared/model/ids.ts";
import { asksNothing } from "../../shared/model/permission-mode.ts";
import type { Project } from "../../shared/model/project.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { Locks } from "./compose-locks.ts";
import type { CoreParts } from "./core-parts.ts";
import { pinOf } from "./git/pin-worktree.ts";
import { openRepository } from "./git/repository.ts";
import { shellWord } from "./process/own-programs.ts";
import type { LockedCommand } from "./provider/claude/gate/find-locked.ts";
import { gateOfSession } from "./provider/claude/gate/gate-of-session.ts";
import { allowInSlots, locksOfSession } from "./provider/claude/gate/session-locks.ts";
import {
  type SessionFiles,
  type SessionGate,
  type SessionSandbox,
  writeSessionFiles,
} from "./provider/claude/write-session-files.ts";
import type { SessionRecord } from "./store/store.ts";

export interface SessionSetUp {
  /** Writes the files with which the session's program is started; `isSandboxed`: its commands run in the provider's sandbox. */
  writeFiles(session: SessionRecord, isSandboxed: boolean): Promise<SessionFiles>;
  /** Of a session that runs no command: its files, without a sandbox. */
  writePlainFiles(session: SessionRecord): SessionFiles;
  /** What workers of this project run through a lock. */
  lockedOf(project: Project): readonly LockedCommand[];
  /** These rules for permissions, and the same for commands that run in build slots. */
  allowInSlots(project: Project, rules: readonly string[]): readonly string[];
}

/** How the program of a session is set up: its gate, its locks, its permission mode and its sandbox, each as its project's settings say. */
export function composeSessionSetUp(
  parts: CoreParts & {
    readonly building: Locks;
    /** At which the terminal host hears sessions. */
    readonly port: () => number;
  },
): SessionSetUp {
  const { store, folder, settings, workers, node, shim, gateShim, building, port, signal } = parts;
  // The provider's sandbox lets no program reach the core.
  const lockedOf = (project: Project) =>
    workers.isSandboxed(project.name) ? [] : building.commandsOf(project);
  const locksOf = (name: ProjectName | null) => {
    const project = name ? store.projects.find(name) : undefined;
    return project
      ? locksOfSession(lockedOf(project), shellWord(building.programs.switchyard))
      : null;
  };
  const locksFor = (session: SessionRecord) => {
    const locks = session.task === null ? null : locksOf(session.project);
    return locks && { shim: gateShim, ...locks };
  };
  const gateFor = (session: SessionRecord): SessionGate | null => {
    const project = session.project ? store.projects.find(session.project) : undefined;
    if (!project) return null;
    const branch = session.task ? (store.tasks.find(session.task)?.branch ?? null) : null;
    const rules = gateOfSession(
      {
        worktree: session.cwd,
        branch,
        home: homedir(),
        protected: [folder.home, project.path],
      },
      { person: settings.ofPerson(), project: settings.of(project) },
    );
    return rules && { shim: gateShim, rules };
  };
  const acceptedModeOf = ({ id }: SessionRecord) => {
    const mode = store.sessions.find(id)?.permissionMode ?? null;
    return asksNothing(mode) ? mode : null;
  };
  const write = (session: SessionRecord, sandbox: SessionSandbox | null): SessionFiles =>
    writeSessionFiles({
      folder: folder.sessionDir(session.id),
      port: port(),
      token: session.token,
      node,
      shim,
      gate: gateFor(session),
      locks: locksFor(session),
      acceptedMode: acceptedModeOf(session),
      sandbox,
    });
  const sandboxOf = async ({ project: name, cwd }: SessionRecord): Promise<SessionSandbox> => {
    const project = name ? store.projects.find(name) : undefined;
    if (!project) throw new SwitchyardError("not-found", `The project ${name} is gone.`);
    const repo = await openRepository(project.path, signal);
    const gitDir = (await pinOf(repo, cwd)).GIT_DIR ?? repo.commonDir;
    return { sharedGitDir: repo.commonDir, gitDir, worktree: cwd, target: project.target };
  };
  return {
    writeFiles: async (session, isSandboxed) =>
      write(session, isSandboxed ? await sandboxOf(session) : null),
    writePlainFiles: (session) => write(session, null),
    lockedOf,
    allowInSlots: (project, rules) => allowInSlots(rules, locksOf(project.name), "switchyard"),
  };
}
