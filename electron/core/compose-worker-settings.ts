import { homedir } from "node:os";
import type { ProjectName } from "../../shared/model/ids.ts";
import { asksNothing } from "../../shared/model/permission-mode.ts";
import type { Project } from "../../shared/model/project.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { Clock } from "./base/clock.ts";
import { resolveExecutable } from "./process/resolve-executable.ts";
import { isNarrowRule } from "./provider/claude/is-narrow-rule.ts";
import { whyNoSandbox } from "./provider/claude/why-no-sandbox.ts";
import type { Store, TaskRecord } from "./store/store.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";
import { type ModeChoice, planPermissionMode } from "./task/plan-permission-mode.ts";
import type { WorkerSettings } from "./worker/start-worker.ts";

const DEFAULT_ALLOW = ["Bash(git *)"];

export interface WorkerSettingsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: SettingsFiles;
  /** Why no session can run in the provider's sandbox on this machine; null where one can. */
  readonly whyNoSandbox: () => string | null;
}

/** How workers of a project are started: what its settings say, as far as somebody let them. */
export function composeWorkerSettings({
  store,
  clock,
  settings,
  whyNoSandbox: whyNot,
}: WorkerSettingsParts) {
  const isSandboxed = (name: ProjectName): boolean => {
    const project = store.projects.find(name);
    const merged = project && settings.of(project).agents?.worker?.sandbox;
    // A worker can land a change of the repository's file: it can switch the sandbox on and not off.
    return merged === true || settings.ofPerson().agents?.worker?.sandbox === true;
  };
  const modeOf = (
    project: Project,
    task: Pick<TaskRecord, "id" | "permissionMode"> | null,
    isInSandbox = isSandboxed(project.name),
  ): ModeChoice =>
    planPermissionMode({
      project: project.name,
      task,
      settings: settings.of(project).agents?.worker?.["permission-mode"],
      isSandboxed: isInSandbox,
      approvals: store.approvals.list(project.name),
      now: clock.now().toISOString(),
    });
  const allowOf = (project: Project) => {
    const own = settings.ofPerson().agents?.worker?.allow ?? DEFAULT_ALLOW;
    const rules = settings.of(project).agents?.worker?.allow ?? DEFAULT_ALLOW;
    // A worker can land a change of the repository's file: by it alone nobody is let do just anything without being asked.
    const isTaken = (rule: string) => own.includes(rule) || isNarrowRule(rule);
    return { taken: rules.filter(isTaken), refused: rules.filter((rule) => !isTaken(rule)) };
  };
  return {
    isSandboxed,
    modeOf,
    /** Rules of a project's file that allow too much to be taken from a repository. */
    refusedAllowOf: (project: Project): readonly string[] => allowOf(project).refused,
    /** Why the task is not started in the mode that is named for it, or in the sandbox; null where it is. */
    holdOf(task: TaskRecord): string | null {
      const project = store.projects.find(task.project);
      const choice = project && modeOf(project, task);
      if (choice?.kind === "refused") return choice.reason;
      return isSandboxed(task.project) ? whyNot() : null;
    },
    of(project: Project, task: TaskRecord): WorkerSettings {
      const worker = settings.of(project).agents?.worker;
      // Asked once: a mode for the sandbox must not meet a session outside it.
      const isInSandbox = isSandboxed(project.name);
      const choice = modeOf(project, task, isInSandbox);
      // It ended between the claim and now: the next claim waits, with the same words.
      if (choice.kind === "refused") throw new SwitchyardError("wrong-state", choice.reason);
      return {
        permissionMode: choice.mode,
        isModeAccepted: asksNothing(choice.mode),
        isSandboxed: isInSandbox,
        allow: allowOf(project).taken,
        model: worker?.model === undefined || worker.model === "default" ? null : worker.model,
        environment: [],
      };
    },
  };
}

export function whyNoSandboxHere(): string | null {
  const where = { pathVariable: process.env.PATH ?? "", homeFolder: homedir() };
  const hasProgram = (name: string) => resolveExecutable(name, where).kind === "found";
  return whyNoSandbox(process.platform, hasProgram);
}
