import path from "node:path";
import type { Project } from "../../shared/model/project.ts";
import { checksOf, type Settings } from "../../shared/model/settings.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { Clock } from "./base/clock.ts";
import { mergeSettings } from "./base/read-settings.ts";
import { weekOfHours } from "./base/working-hours.ts";
import type { composeWorkerSettings } from "./compose-worker-settings.ts";
import { handleProjects } from "./gateway/handle-projects.ts";
import { requireGit } from "./git/probe-git.ts";
import { currentBranch, isEmpty, openRepository, resolveBranch } from "./git/repository.ts";
import type { Store } from "./store/store.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";

/** The calls about projects: what a repository must have to become one, and what its own settings file says. */
export function composeProjectCalls({
  store,
  clock,
  settings,
  workers,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: SettingsFiles;
  readonly workers: ReturnType<typeof composeWorkerSettings>;
}) {
  const { isSandboxed } = workers;
  return handleProjects({
    store,
    clock,
    isSandboxed,
    openRepository: async (place) => {
      await requireGit();
      const repo = await openRepository(path.resolve(place));
      if (repo.isBare)
        throw new SwitchyardError(
          "not-a-repository",
          `${repo.root} is a bare repository, which has no checkout to work from.`,
          "Clone it and add the clone.",
        );
      if (await isEmpty(repo))
        throw new SwitchyardError(
          "empty-repository",
          `${repo.root} has no commit yet.`,
          "Make a first commit, then add it.",
        );
      return { root: repo.root, branch: await currentBranch(repo.root) };
    },
    requireBranch: async (root, branch) =>
      void (await resolveBranch(await openRepository(root), branch)),
    readHours: (project) =>
      weekOfHours(settings.of(project).dispatch, settings.ofPerson().dispatch, clock.now()),
    readProjectFile: async (root) =>
      toProjectFields(mergeSettings(settings.person(), settings.strict(root))),
  });
}

function toProjectFields(
  settings: Settings,
): Partial<Pick<Project, "target" | "checks" | "land" | "approve" | "strategy" | "maxWorkers">> {
  const checks = checksOf(settings);
  return {
    ...(settings.target === undefined ? {} : { target: settings.target }),
    ...(checks === undefined ? {} : { checks: [...checks] }),
    ...(settings.queue?.land === undefined ? {} : { land: settings.queue.land }),
    ...(settings.queue?.approve === undefined ? {} : { approve: settings.queue.approve }),
    ...(settings.dispatch?.strategy === undefined ? {} : { strategy: settings.dispatch.strategy }),
    ...(settings.dispatch?.["max-workers"] === undefined
      ? {}
      : { maxWorkers: settings.dispatch["max-workers"] }),
  };
}
