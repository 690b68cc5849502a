import type { ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { type Columns, notFound, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

const columns: Columns<Project> = {
  name: "text",
  path: "text",
  target: "text",
  checks: "json",
  withoutChecks: "flag",
  land: "text",
  approve: "text",
  strategy: "text",
  maxWorkers: "number",
  queue: "json",
};

export function createProjectTable({ db, touched }: TableContext): Store["projects"] {
  const rows = new Rows<Project>(db, "projects", columns);
  const find = (name: ProjectName) => rows.select("WHERE name = ?", [name])[0];
  const findByPath = (path: string) => rows.select("WHERE path = ?", [path])[0];

  return {
    list: () => rows.select("ORDER BY name"),
    find,
    findByPath,
    insert(project) {
      const { projects, removedProjects } = touched();
      const same = find(project.name) ?? findByPath(project.path);
      if (same) throw nameTaken(same);
      rows.insert(project);
      projects.add(project.name);
      removedProjects.delete(project.name);
    },
    update(name, patch) {
      const { projects } = touched();
      rows.patch("name", name, patch);
      projects.add(name);
    },
    remove(name) {
      const { projects, removedProjects } = touched();
      if (!find(name)) throw notFound("projects", name);
      refuseWhileInUse(name);
      rows.run("DELETE FROM projects WHERE name = ?", name);
      projects.delete(name);
      removedProjects.add(name);
    },
  };

  function refuseWhileInUse(name: ProjectName): void {
    const count = (sql: string) => Number(rows.value(sql, name));
    const sessions = count(
      "SELECT count(*) FROM sessions WHERE project = ? AND state NOT IN ('stopped', 'ended', 'failed')",
    );
    const entries = count(
      "SELECT count(*) FROM entries WHERE project = ? AND state NOT IN ('landed', 'returned', 'removed')",
    );
    if (sessions + entries === 0) return;
    throw new SwitchyardError(
      "wrong-state",
      `${name} is in use: ${sessions} live sessions, ${entries} branches in its merge queue.`,
      "Stop the sessions and take the branches out of the queue first.",
    );
  }
}

function nameTaken(project: Project): SwitchyardError {
  return new SwitchyardError(
    "name-taken",
    `There is a project ${project.name} at ${project.path} already.`,
    "Choose another name, or use that project.",
  );
}
