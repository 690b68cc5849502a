import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import type { Profile } from "../../shared/model/profile.ts";
import type { Project } from "../../shared/model/project.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { SessionSetUp } from "./compose-session-set-up.ts";
import type { Strays } from "./compose-strays.ts";
import type { CoreParts } from "./core-parts.ts";
import type { OwnPrograms } from "./process/own-programs.ts";
import { buildEnvironment } from "./process/session-environment.ts";
import { isAnswerOld } from "./profile/is-answer-old.ts";
import { areSettingsNewer } from "./provider/claude/find-settings-file.ts";
import { planClaudeLaunch } from "./provider/claude/plan-claude-launch.ts";
import { prepareClaudeProfile } from "./provider/claude/prepare-claude-profile.ts";
import type { Sessions } from "./worker/sessions.ts";
import { WorkerStarter } from "./worker/start-worker.ts";

/** What takes a claimed task to a running session of Claude Code. */
export function composeStarter(
  parts: CoreParts & {
    readonly sessions: Sessions;
    readonly strays: Strays;
    readonly setUp: SessionSetUp;
    readonly programs: OwnPrograms;
  },
): WorkerStarter {
  const { store, folder, clock, log, composed, workers, worktrees, signal } = parts;
  const { sessions, strays, setUp, programs } = parts;
  const { profiles } = composed;
  return new WorkerStarter({
    store,
    clock,
    sessions,
    settingsOf: (project, task) => workers.of(project, task),
    prepareWorkplace: (task, project, session) =>
      worktrees.workplaces.prepare(task, project, session),
    prepareProfile: (profile, project) => prepareProfile(parts, profile, project),
    claimConversation: (session, profile) => strays.claimConversation(session, profile),
    writeFiles: setUp.writeFiles,
    planLaunch: planClaudeLaunch,
    allowInSlots: setUp.allowInSlots,
    lockedOf: (project) => setUp.lockedOf(project).map(({ pattern }) => pattern),
    environment: (allowed, additions) =>
      buildEnvironment({
        person: process.env,
        allowed,
        additions: {
          ...additions,
          SWITCHYARD_HOME: folder.home,
          SWITCHYARD_LOCK: programs.lock,
          PATH: [programs.folder, process.env.PATH ?? ""].join(path.delimiter),
        },
      }),
    agentFileOf: (project) =>
      ["AGENTS.md", "CLAUDE.md"].find((file) => existsSync(path.join(project.path, file))) ?? null,
    onProfileTrouble: (name, error) => {
      if (error.code === "signed-out") profiles.noteAuthFailure(name, error.message);
      else
        void profiles
          .recheck(name, signal)
          .catch((failure: unknown) =>
            log.error({ error: failure, profile: name }, "checking a profile failed"),
          );
    },
  });
}

/** Checks who is signed in where the last answer is old, and has the provider trust the checkout. */
async function prepareProfile(
  { composed, clock, signal }: CoreParts,
  profile: Profile,
  project: Project,
): Promise<{ readonly executable: string }> {
  const executable = await composed.programFor(profile, signal);
  const checkedAt = new Date(profile.checkedAt ?? 0);
  const now =
    isAnswerOld(profile, clock.now()) ||
    profile.state === "unchecked" ||
    areSettingsNewer(profile.dir, homedir(), checkedAt)
      ? await composed.profiles.recheck(profile.name, signal)
      : profile;
  if (now.state === "signed-out")
    throw new SwitchyardError(
      "signed-out",
      `${now.name} is signed out.`,
      `Sign in: switchyard profile login ${now.name}`,
    );
  if (now.state === "incident")
    throw new SwitchyardError(
      "wrong-account",
      `${now.name} takes no work: ${now.reason}.`,
      `See: switchyard profile check ${now.name}`,
    );
  const prepared = await prepareClaudeProfile(
    { dir: profile.dir, home: homedir(), checkout: project.path },
    clock,
    signal,
  );
  if (prepared.kind === "needs-person")
    throw new SwitchyardError("wrong-state", prepared.reason, prepared.fix);
  return { executable };
}
