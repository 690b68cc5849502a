import type { Finding } from "../../../../shared/model/finding.ts";
import { bad, good, warning } from "./finding.ts";

export interface PlaceParts {
  readonly projects: readonly {
    readonly name: string;
    readonly path: string;
    readonly isThere: boolean;
  }[];
  /** Worktrees of open tasks that are not where they were made; `now` is null where nobody knows. */
  readonly findLostWorktrees: () => Promise<
    readonly { readonly task: string; readonly was: string; readonly now: string | null }[]
  >;
}

/** Looks whether repositories and worktrees are where they were. */
export async function examinePlaces(parts: PlaceParts): Promise<readonly Finding[]> {
  const name = "Repositories and worktrees";
  const gone = parts.projects
    .filter(({ isThere }) => !isThere)
    .map((project) =>
      bad(
        name,
        `The repository of ${project.name} is not at ${project.path} any more, so nothing of it can go on.`,
        `If it was moved: switchyard project move ${project.name} NEW-PATH`,
      ),
    );
  const lost = (await parts.findLostWorktrees()).map(({ task, was, now }) =>
    now === null
      ? warning(
          name,
          `The worktree of ${task} is not at ${was} any more; what was not committed in it is missing until it is found.`,
          `If it was moved: switchyard worktree repair ${task} --at NEW-PATH`,
        )
      : warning(
          name,
          `The worktree of ${task} was at ${was} and is at ${now} now, which neither git nor its next session knows.`,
          `switchyard worktree repair ${task}`,
        ),
  );
  const found = [...gone, ...lost];
  return found.length > 0 ? found : [good(name, "Each is where it was made.")];
}
