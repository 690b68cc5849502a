import type { Project } from "../../shared/model/project.ts";
import type { CoreParts } from "./core-parts.ts";
import { buildEnvironment } from "./process/session-environment.ts";

export interface CheckEnvironment {
  /** The variables of the person that a project declares for its checks. */
  declaredBy(project: Project | null): readonly string[];
  of(project: Project | null): Readonly<Record<string, string>>;
  /** By which every process of a check is known, also to a later core. */
  readonly mark: Readonly<Record<string, string>>;
}

/** In what checks run. */
export function composeCheckEnvironment({
  folder,
  settings,
}: Pick<CoreParts, "folder" | "settings">): CheckEnvironment {
  // Names the folder too: checks of another one are not ours to end.
  const mark = { SWITCHYARD_CHECK: folder.home };
  const declaredBy = (project: Project | null) =>
    (project && settings.of(project).queue?.env) ?? [];
  return {
    mark,
    declaredBy,
    of: (project) =>
      buildEnvironment({
        person: process.env,
        allowed: declaredBy(project),
        additions: mark,
      }),
  };
}
