import type { Finding } from "../../../../shared/model/finding.ts";
import { bad, good, warning } from "./finding.ts";

export interface GitParts {
  readonly probe: () => Promise<{
    readonly version: string;
    readonly service: "full" | "limited" | "none";
  }>;
  readonly hasIdentity: () => Promise<boolean>;
  /** Makes a repository with a worktree in a temporary folder, and takes both away again. */
  readonly tryWorktree: () => Promise<void>;
}

export async function examineGit(parts: GitParts): Promise<readonly Finding[]> {
  const name = "git";
  let probed: Awaited<ReturnType<GitParts["probe"]>>;
  try {
    probed = await parts.probe();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [bad(name, `git does not run: ${why}`, "Install git 2.38 or newer.")];
  }
  const { version, service } = probed;
  if (service === "none")
    return [
      bad(
        name,
        `git ${version} is too old: it lacks what branches are landed with.`,
        "Install git 2.38 or newer.",
      ),
    ];
  const identity = (await parts.hasIdentity())
    ? good(name, `git ${version}.`)
    : warning(
        name,
        `git ${version}; it knows no name and e-mail, so workers cannot commit.`,
        'git config --global user.name "Your Name" && git config --global user.email you@example.org',
      );
  const limits = warning(
    name,
    `git ${version} cannot merge without a checkout: the merge queue is limited to a slower way, and no conflicts are forecast.`,
    "Install git 2.38 or newer.",
  );
  return [identity, ...(service === "limited" ? [limits] : []), await examineWorktree(parts)];
}

async function examineWorktree({ tryWorktree }: GitParts): Promise<Finding> {
  const name = "Worktrees";
  try {
    await tryWorktree();
    return good(name, "A worktree can be made and taken away.");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return bad(
      name,
      `A worktree could not be made, and every worker works in one of its own: ${why}`,
      "Free some space in the folder for temporary files, or name another one with TMPDIR.",
    );
  }
}
