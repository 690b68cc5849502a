import type { Finding } from "../../../../shared/model/finding.ts";
import { bad, good, warning } from "./finding.ts";

/** A project's repository, as far as it is another than one whose worktrees hold all of it. */
export interface OddRepository {
  readonly project: string;
  readonly path: string;
  readonly submodules: readonly string[];
  readonly largeFiles: "none" | "installed" | "missing";
  readonly isShallow: boolean;
  readonly isPartial: boolean;
  readonly isSparse: boolean;
  /** Why what lands cannot be pushed to where the settings say. */
  readonly pushProblem: { readonly text: string; readonly hint: string } | null;
}

const NAMED_MAX = 5;

/** Says what of each project's repository works in another way than a person may think. */
export function examineRepositories(repositories: readonly OddRepository[]): readonly Finding[] {
  return repositories.flatMap(examine);
}

function examine(odd: OddRepository): readonly Finding[] {
  const { project, path, submodules, largeFiles, isShallow, isPartial, isSparse, pushProblem } =
    odd;
  const name = `Repository of ${project}`;
  const here = `git -C ${JSON.stringify(path)}`;
  const findings: Finding[] = [];
  if (submodules.length > 0) {
    const named = submodules.slice(0, NAMED_MAX).join(", ");
    const more = submodules.length > NAMED_MAX ? ` and ${submodules.length - NAMED_MAX} more` : "";
    findings.push(
      warning(
        name,
        `It has submodules (${named}${more}): a new worktree has them empty, and a commit that a worker makes inside of one stays in that worktree.`,
        "Have the project's set-up command fill them: git submodule update --init. Change what is in them in a project of its own.",
      ),
    );
  }
  if (largeFiles === "missing")
    findings.push(
      bad(
        name,
        "Git LFS keeps some of its files and is not installed: worktrees hold pointers in their place, and nothing of it is pushed.",
        "Install git-lfs, then: git lfs install",
      ),
    );
  if (isShallow)
    findings.push(
      warning(
        name,
        "It is a shallow clone: where its history ends, branches have nothing in common, and what merges elsewhere conflicts here.",
        `${here} fetch --unshallow`,
      ),
    );
  if (isPartial)
    findings.push(
      warning(
        name,
        "It is a partial clone: files are fetched when a worktree or a merge needs them, which fails without the network, and conflicts with such files are not forecast.",
        `${here} fetch --refetch --no-filter`,
      ),
    );
  if (pushProblem)
    findings.push(warning(name, `What lands is not pushed: ${pushProblem.text}`, pushProblem.hint));
  if (isSparse)
    findings.push(
      good(name, "Its checkout is sparse, and so are workers' worktrees; checks see all files."),
    );
  return findings;
}
