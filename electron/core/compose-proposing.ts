import type { Project } from "../../shared/model/project.ts";
import { pullRequestRemoteOf } from "../../shared/model/settings.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { ProposingProject } from "./gateway/doctor/examine-pull-requests.ts";
import { nameRemote } from "./git/name-remote.ts";
import { openRepository } from "./git/repository.ts";
import { createRunGh } from "./process/run-gh.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";

/** Asks the network, by the person's own program, and only where the settings ask for pull requests. */
export async function findProposing(
  projects: readonly Project[],
  settings: SettingsFiles,
  signal: AbortSignal,
): Promise<readonly ProposingProject[]> {
  const found = projects.map((project) => readProposing(project, settings, signal));
  return (await Promise.all(found)).flat();
}

async function readProposing(
  project: Project,
  settings: SettingsFiles,
  signal: AbortSignal,
): Promise<readonly ProposingProject[]> {
  const remote = pullRequestRemoteOf(settings.of(project));
  if (remote === null) return [];
  try {
    const repo = await openRepository(project.path, signal);
    const repository = await nameRemote(repo, remote, signal);
    const [host] = repository?.split("/") ?? [];
    const asked = ["auth", "status", `--hostname=${host}`];
    const where = { cwd: repo.root, signal };
    const signIn = repository === null ? null : await createRunGh(process.env)(asked, where);
    return [{ project: project.name, remote, repository, signIn }];
  } catch (error) {
    // What is wrong with the repository itself is told elsewhere.
    if (error instanceof SwitchyardError) return [];
    throw error;
  }
}
