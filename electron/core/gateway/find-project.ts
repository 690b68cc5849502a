import path from "node:path";
import { ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Store } from "../store/store.ts";

/** Finds a project by its name, or by the path of its checkout or of any folder inside it. Paths must be absolute and real. */
export function findProject(store: Store, ref: string): Project {
  const name = ProjectName.safeParse(ref);
  const named = name.success ? store.projects.find(name.data) : undefined;
  if (named) return named;
  if (path.isAbsolute(ref)) {
    for (let folder = path.normalize(ref); ; folder = path.dirname(folder)) {
      const found = store.projects.findByPath(folder);
      if (found) return found;
      if (folder === path.dirname(folder)) break;
    }
  }
  const known = store.projects.list().map((project) => project.name);
  const [sentence, wayOut] = path.isAbsolute(ref)
    ? [`${ref} is in no project.`, `Name one with --project: ${known.join(", ")}.`]
    : [`There is no project ${ref}.`, "See: switchyard project list"];
  const hint = known.length > 0 ? wayOut : "Add one with: switchyard project add PATH";
  throw new SwitchyardError("not-found", sentence, hint);
}
