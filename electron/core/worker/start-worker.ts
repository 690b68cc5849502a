import type { Check } from "../../../shared/model/check.ts";
import type { ProfileName } from "../../../shared/model/ids.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { Project } from "../../../shared/model/project.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { ClaudeLaunch, ClaudeLaunchInput } from "../provider/claude/plan-claude-launch.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { writeFirstMessage, writeFollowUp } from "../task/write-first-message.ts";
import type { Launch, Sessions } from "./sessions.ts";
import type { Workplace } from "./workplace.ts";

/** Starts of one profile follow each other; this is how long one waits for the sign of life of the one before. */
const SIGN_OF_LIFE_MS = 8_000;

/** The time a person needs to make room on a disk, not the time a disk needs. */
const FAIL_AGAIN_MS = 5_000;

export interface WorkerSettings {
  readonly permissionMode: ClaudeLaunchInput["permissionMode"];
  readonly isModeAccepted: boolean;
  /** Its commands run in the provider's sandbox; the mode was chosen for that. */
  readonly isSandboxed: boolean;
  readonly allow: readonly string[];
  readonly model: string | null;
  /** Names of variables of the person's environment that workers of this project get too. */
  readonly environment: readonly string[];
}

export interface WorkerStarterParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly sessions: Sessions;
  /** Throws where the task's permission mode is one that nobody accepted. */
  readonly settingsOf: (project: Project, task: TaskRecord) => WorkerSettings;
  /** Makes the task's worktree and branch, or finds them as an earlier session left them. */
  readonly prepareWorkplace: (
    task: TaskRecord,
    project: Project,
    session: SessionRecord,
  ) => Promise<Workplace>;
  /** Sees to it that the profile is signed in as itself and that its folder trusts the project. Throws what a person must do. */
  readonly prepareProfile: (
    profile: Profile,
    project: Project,
  ) => Promise<{ readonly executable: string }>;
  /** Sees to it that no other process has the session's conversation; throws where one has it that is not ours to end. */
  readonly claimConversation: (session: SessionRecord, profile: Profile) => Promise<void>;
  readonly writeFiles: (
    session: SessionRecord,
    isSandboxed: boolean,
  ) => Promise<{ readonly settingsFile: string; readonly mcpFile: string }>;
  readonly planLaunch: (input: ClaudeLaunchInput) => ClaudeLaunch;
  /** The same rules for the commands that run in build slots. */
  readonly allowInSlots: (project: Project, rules: readonly string[]) => readonly string[];
  /** Commands that are put through a lock for its workers. */
  readonly lockedOf: (project: Project) => readonly string[];
  readonly environment: (
    allowed: readonly string[],
    additions: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string>>;
  readonly agentFileOf: (project: Project) => string | null;
  /** A start that failed because of the profile, not of the task. */
  readonly onProfileTrouble: (profile: ProfileName, error: SwitchyardError) => void;
}

const PROFILE_TROUBLES: readonly string[] = [
  "executable-missing",
  "executable-not-runnable",
  "signed-out",
  "wrong-account",
  "data-folder-unusable",
];

/** Takes a claimed task to a running session: worktree, profile, files, launch, first message. */
export class WorkerStarter {
  readonly #parts: WorkerStarterParts;

  constructor(parts: WorkerStarterParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the session gave a sign of life, or its start failed and is on record. Once `leaving` aborts it waits for nothing
   * more, and starts nothing: the next core gives the task back.
   */
  async start(session: SessionRecord, task: TaskRecord, leaving: AbortSignal): Promise<void> {
    const { sessions } = this.#parts;
    try {
      const launch = await this.#prepare(session, task);
      if (leaving.aborted) return;
      await sessions.begin(session, launch);
    } catch (error) {
      if (error instanceof SwitchyardError && PROFILE_TROUBLES.includes(error.code))
        this.#parts.onProfileTrouble(session.profile, error);
      await this.#fail(session, error instanceof Error ? error.message : String(error), leaving);
      return;
    }
    await this.#signOfLife(session, leaving);
  }

  /** On a full disk not even a failure can be saved, and a session without a program must not stay `starting`: tried until it is. */
  async #fail(session: SessionRecord, reason: string, leaving: AbortSignal): Promise<void> {
    const { sessions, clock } = this.#parts;
    for (;;) {
      try {
        sessions.fail(session.id, reason);
        return;
      } catch (error) {
        const isFull = error instanceof SwitchyardError && error.code === "disk-full";
        if (!isFull) throw error;
        await clock.wait(FAIL_AGAIN_MS, leaving);
      }
    }
  }

  async #prepare(session: SessionRecord, task: TaskRecord): Promise<Launch> {
    const { store } = this.#parts;
    const project = store.projects.find(task.project);
    if (!project) throw new SwitchyardError("not-found", `The project of ${session.id} is gone.`);
    const workplace = await this.#parts.prepareWorkplace(task, project, session);
    store.write("supervisor", (record) => {
      store.tasks.update(task.id, {
        branch: workplace.branch,
        worktree: session.cwd,
        fork: workplace.fork,
      });
      record("task.worktree", task.id, { branch: workplace.branch });
    });
    // Only now: while the worktree was made somebody may have signed in or out.
    const profile = store.profiles.find(session.profile);
    if (!profile) throw new SwitchyardError("not-found", `The profile of ${session.id} is gone.`);
    const { executable } = await this.#parts.prepareProfile(profile, project);
    await this.#parts.claimConversation(session, profile);
    // All at once and only now: what was accepted or switched on when it was claimed may have ended in the minutes since.
    const settings = this.#parts.settingsOf(project, task);
    // Before its files are written: they say what this session may be switched to in its pane.
    store.write("supervisor", () =>
      store.sessions.update(session.id, { permissionMode: settings.permissionMode }),
    );
    const files = await this.#parts.writeFiles(session, settings.isSandboxed);
    const allow = [...settings.allow, ...allowChecks([...project.checks, ...task.acceptance])];
    const launch = this.#parts.planLaunch({
      dir: profile.dir,
      env: store.profiles.envOf(profile.name),
      conversation: session.providerSession,
      isResumed: session.isResumed,
      name: session.name,
      model: task.model ?? settings.model ?? this.#modelBefore(session),
      permissionMode: settings.permissionMode,
      isModeAccepted: settings.isModeAccepted,
      allow: [...allow, ...this.#parts.allowInSlots(project, allow)],
      settingsFile: files.settingsFile,
      mcpFile: files.mcpFile,
      firstMessage: this.#message(session, task, project, workplace),
      appendSystemPrompt: null,
    });
    const identity = {
      SWITCHYARD_SESSION: session.id,
      SWITCHYARD_TASK: task.id,
      SWITCHYARD_PROJECT: project.name,
      TERM: "xterm-256color",
    };
    return {
      file: executable,
      args: launch.args,
      env: this.#parts.environment(settings.environment, { ...launch.env, ...identity }),
    };
  }

  /** A profile's own settings choose the model otherwise, and a conversation that moves keeps its own. */
  #modelBefore({ movedFrom }: SessionRecord): string | null {
    return movedFrom && (this.#parts.store.sessions.find(movedFrom.session)?.spokenModel ?? null);
  }

  #message(
    session: SessionRecord,
    task: TaskRecord,
    project: Project,
    workplace: Workplace,
  ): string {
    const { store } = this.#parts;
    const agentFile = this.#parts.agentFileOf(project);
    const first = writeFirstMessage({
      task,
      target: project.target,
      branch: workplace.branch,
      projectChecks: project.checks,
      agentFile,
      carried: workplace.carried,
      locked: this.#parts.lockedOf(project),
    });
    return writeFollowUp({
      handback: task.handback,
      note: store.handoffs.list(task.id).at(-1)?.note ?? null,
      isSameConversation: session.isResumed,
      first,
    });
  }

  async #signOfLife(session: SessionRecord, leaving: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts;
    const waiting = new AbortController();
    const isSilent = () => store.sessions.find(session.id)?.state === "starting";
    const heard = new Promise<void>((resolve) => {
      const stop = store.onCommit(() => {
        if (!isSilent()) resolve();
      });
      waiting.signal.addEventListener("abort", stop);
    });
    const either = AbortSignal.any([waiting.signal, leaving]);
    const timeUp = clock.wait(SIGN_OF_LIFE_MS, either).catch(() => undefined);
    if (isSilent()) await Promise.race([heard, timeUp]);
    waiting.abort(new Error("a sign of life came, or the wait is over"));
  }
}

/** A worker may run the checks it is judged by without asking. */
function allowChecks(checks: readonly Check[]): string[] {
  return [...new Set(checks.map((check) => `Bash(${check.run})`))];
}
