import type { Finding } from "../../../../shared/model/finding.ts";
import type { GhEnd } from "../../process/run-gh.ts";
import { bad, good } from "./finding.ts";

/** A project whose work is proposed as pull requests. */
export interface ProposingProject {
  readonly project: string;
  readonly remote: string;
  /** `HOST/OWNER/NAME`; null where the remote is not there, or is no repository at GitHub. */
  readonly repository: string | null;
  /** How `gh auth status` ended for its host; null where it was not asked. */
  readonly signIn: GhEnd | null;
}

/** Whether the pull requests that projects ask for can be opened. Nothing where none does. */
export function examinePullRequests(projects: readonly ProposingProject[]): readonly Finding[] {
  return projects.map(({ project, remote, repository, signIn }) => {
    const name = `Pull requests of ${project}`;
    if (repository === null)
      return bad(
        name,
        `${remote} is not there or is no repository at GitHub, so nothing that passes can be proposed.`,
        "See where it points with git remote -v, then set queue.pull-requests to one that is, or to off.",
      );
    const [host = ""] = repository.split("/");
    if (signIn === null || signIn.kind === "missing")
      return bad(
        name,
        "GitHub's own program gh is not on the PATH, so nothing that passes can be proposed.",
        "Install it from https://cli.github.com, then: gh auth login",
      );
    if (signIn.exitCode !== 0)
      return bad(
        name,
        `gh is not signed in to ${host}, or cannot reach it, so nothing that passes can be proposed.`,
        `gh auth login --hostname ${host}`,
      );
    return good(name, `They are opened at ${repository} by gh, which is signed in.`);
  });
}
