import { appendFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import {
  BUILD_LOCK,
  COMMAND_MAX,
  describeQueue,
  TICKET_VARIABLE,
} from "../../shared/model/build-lock.ts";
import type { Check } from "../../shared/model/check.ts";
import type { ProjectName, SessionId } from "../../shared/model/ids.ts";
import type { Project } from "../../shared/model/project.ts";
import type { Settings } from "../../shared/model/settings.ts";
import type { Clock } from "./base/clock.ts";
import type { DataFolder } from "./base/data-folder.ts";
import type { Log } from "./base/log.ts";
import { maskKeys } from "./base/mask-keys.ts";
import { isAlive } from "./base/process-identity.ts";
import { composeMachineReading, slotsTold } from "./compose-machine-reading.ts";
import type { RunCommand } from "./merge-queue/check-runner.ts";
import type { ParallelRunsParts } from "./merge-queue/parallel-runs.ts";
import {
  type NodeProgram,
  type OwnPrograms,
  ownPrograms,
  writeOwnPrograms,
} from "./process/own-programs.ts";
import { runCommand } from "./process/run-command.ts";
import { endMarked } from "./process/sweep-marked.ts";
import { findLocked, type LockedCommand } from "./provider/claude/gate/find-locked.ts";
import type { Store, TaskRecord } from "./store/store.ts";
import { BuildLocks } from "./supervisor/build-locks.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";

export interface LocksParts {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: SettingsFiles;
  readonly node: NodeProgram;
  /** The bundled command line. */
  readonly cli: string;
  /** The environment of a check of this project, without its slot. */
  readonly checkEnvironment: (project: Project | null) => Readonly<Record<string, string>>;
  /** How many runs of checks the merge queue has begun beside each other. */
  readonly runsUnderWay: () => number;
  readonly signal: AbortSignal;
}

export interface Locks extends Disposable {
  readonly locks: BuildLocks;
  /** What there is for another run of a project's checks. */
  readonly readMachine: ParallelRunsParts["readMachine"];
  /** What a worker of this project runs through a lock; empty where its settings list nothing. */
  commandsOf(project: Project): readonly LockedCommand[];
  /** How a worker takes a slot. */
  readonly programs: OwnPrograms;
  /** Runs a check of the merge queue: ahead of everything that waits, in a slot. */
  readonly runQueueCheck: RunCommand;
  /** Runs a check that a worker's `task_done` asks for: in its turn, and in a slot only if its command is on the list. */
  runTaskCheck(
    check: Check,
    of: { readonly task: TaskRecord; readonly session: SessionId },
    options: Parameters<RunCommand>[1],
  ): ReturnType<RunCommand>;
}

export function composeLocks(parts: LocksParts): Locks {
  const { store, folder, clock, log, settings, signal } = parts;
  const files = () => [
    settings.ofPerson(),
    ...store.projects.list().map((each) => settings.of(each)),
  ];
  const locks = new BuildLocks({
    clock,
    log,
    file: path.join(folder.run, "locks.json"),
    slotsOf: (lock) => countSlots(lock, files(), parts.runsUnderWay()),
    isAlive,
    endOrphans: async (ticket) => {
      const left = await endMarked({ [TICKET_VARIABLE]: ticket }, clock, signal);
      if (left.length > 0) log.warn({ left }, "a command whose holder was killed does not end");
    },
  });
  const programs = ownPrograms(folder.programs);
  try {
    writeOwnPrograms(programs, folder.home, parts.node, parts.cli);
  } catch (error) {
    // On a full disk: those of the last core do as well, and no session waits for them.
    log.warn({ error }, "the command line for sessions could not be written");
  }
  const commandsOf = (project: Project) => listCommands(settings.ofPerson(), settings.of(project));
  const runIn = async (
    claim: Omit<Parameters<BuildLocks["hold"]>[0], "command">,
    command: string,
    options: Parameters<RunCommand>[1],
  ) => {
    const told = maskKeys(command).replace(/\s+/g, " ").slice(0, COMMAND_MAX);
    const noted: Promise<void>[] = [];
    using slot = await locks.hold({ ...claim, command: told }, options.signal, (lock) => {
      // Whoever follows the check reads there what it waits for; a disk that is full keeps no check from running.
      const line = lock ? `Waits for ${describeQueue(lock)}.\n` : "";
      noted.push(appendFile(options.logFile, line).catch(() => undefined));
    });
    await Promise.all(noted);
    const project = store.projects.list().find(({ name }) => name === claim.project) ?? null;
    const env = { ...parts.checkEnvironment(project), [TICKET_VARIABLE]: slot.ticket };
    return await runCommand(command, { ...options, env });
  };
  return {
    locks,
    readMachine: composeMachineReading({ settings: files, locks: () => locks.list() }),
    programs,
    commandsOf,
    runQueueCheck: (command, options) => {
      const project = projectOfPool(store, options.cwd);
      const claim = { lock: BUILD_LOCK, project, task: null, session: null };
      return runIn({ rank: "check", ...claim }, command, options);
    },
    runTaskCheck: async (check, { task, session }, options) => {
      const project = store.projects.find(task.project);
      const [found] = project ? findLocked(check.run, commandsOf(project)) : [];
      if (!found) {
        const env = parts.checkEnvironment(project ?? null);
        return await runCommand(check.run, { ...options, env });
      }
      const claim = { lock: found.lock, project: task.project, task: task.id, session };
      return await runIn({ rank: "command", ...claim }, check.run, options);
    },
    [Symbol.dispose]: () => locks[Symbol.dispose](),
  };
}

/**
 * The smallest number that any settings file gives the lock: slots are the whole fleet's, and a repository must not widen what a
 * person narrowed. Without one, `build` has a slot for every two cores, or as many as runs of checks may go on side by side by the
 * settings, or do now because that was measured; any other lock has one.
 */
export function countSlots(
  lock: string,
  files: readonly Settings[],
  underWay: number,
  cores = availableParallelism(),
): number {
  const told = slotsTold(lock, files);
  if (told !== null) return told;
  const asked = files.map(({ queue }) => queue?.["parallel-checks"] ?? "auto");
  const parallel = asked.filter((each) => each !== "auto");
  return lock === BUILD_LOCK ? Math.max(1, Math.floor(cores / 2), underWay, ...parallel) : 1;
}

/** Those of both files: a list says what is expensive, and naming more of it harms nobody. */
export function listCommands(...files: readonly Settings[]): readonly LockedCommand[] {
  const all = files.flatMap(({ locks }) =>
    Object.entries(locks ?? {}).flatMap(([lock, { commands = [] }]) =>
      commands.map((pattern) => ({ lock, pattern })),
    ),
  );
  const seen = new Map(all.map((each) => [`${each.lock} ${each.pattern}`, each]));
  return [...seen.values()];
}

/** The queue's worktrees of a project lie in the folder that has its name. */
function projectOfPool(store: Store, cwd: string): ProjectName | null {
  const name = path.basename(path.dirname(cwd));
  return store.projects.list().find((project) => project.name === name)?.name ?? null;
}
