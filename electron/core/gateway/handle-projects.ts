import path from "node:path";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers, Parsed } from "../../../shared/contract/rpc.ts";
import type { HoursWeek } from "../../../shared/model/hours.ts";
import { ProjectName } from "../../../shared/model/ids.ts";
import { DEFAULT_STRATEGY, type Project } from "../../../shared/model/project.ts";
import { mayGoOn } from "../../../shared/model/queue-pause.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { type AcceptParts, acceptMode, findAcceptance } from "./accepted-modes.ts";
import { findProject } from "./find-project.ts";

const DEFAULT_MAX_WORKERS = 6;

export interface ProjectParts extends AcceptParts {
  /** The repository a path is in; refuses what is none, is bare or has no commit. */
  readonly openRepository: (
    path: string,
  ) => Promise<{ readonly root: string; readonly branch: string | null }>;
  readonly readHours: (project: Project) => HoursWeek;
  /** Refuses a branch that does not exist. */
  readonly requireBranch: (root: string, branch: string) => Promise<void>;
  /** What the project's own `.switchyard/config.yaml` says, over the person's; refuses one that is wrong, with file and line. */
  readonly readProjectFile: (
    root: string,
  ) => Promise<
    Partial<Pick<Project, "target" | "checks" | "land" | "approve" | "strategy" | "maxWorkers">>
  >;
}

type ProjectCalls =
  | "project.add"
  | "project.list"
  | "project.show"
  | "project.hours"
  | "project.set"
  | "project.accept-mode"
  | "project.remove";

export function handleProjects(parts: ProjectParts): Pick<Handlers<AppContract>, ProjectCalls> {
  const { store } = parts;
  return {
    "project.add": (input) => addProject(parts, input),
    "project.list": () => [...store.projects.list()],
    "project.hours": ({ project }) => parts.readHours(findProject(store, project)),
    "project.show": ({ project }) => findProject(store, project),
    "project.set": async ({ project, ...settings }) => {
      const { name, path: root } = findProject(store, project);
      if (settings.target !== undefined) await parts.requireBranch(root, settings.target);
      return store.write("person", (record) => {
        const changed = Object.fromEntries(
          Object.entries(settings).filter(([, value]) => value !== undefined),
        );
        store.projects.update(name, changed);
        record("project.changed", name, { fields: Object.keys(changed) });
        if (mayGoOn(findProject(store, name))) {
          const { queue } = findProject(store, name);
          store.projects.update(name, { queue: { ...queue, state: "running", reason: null } });
          record("queue.resumed", name, { reason: null });
        }
        return findProject(store, name);
      });
    },
    "project.accept-mode": ({ project, mode, isAccepted, acceptedMs }) => {
      const { name } = findProject(store, project);
      return store.write("person", (record) => {
        if (isAccepted)
          return {
            approval: acceptMode(parts, record, { project: name, task: null, mode, acceptedMs }),
          };
        const known = findAcceptance(store, name, null, mode);
        if (known) store.approvals.remove(known.id);
        record("project.mode-refused", name, { mode });
        return { approval: null };
      });
    },
    "project.remove": ({ project }) => {
      const { name } = findProject(store, project);
      const live = store.sessions.list({ project: name, isLive: true });
      if (live.length > 0) {
        throw new SwitchyardError(
          "wrong-state",
          `${name} still has ${live.length} running sessions: ${live.map((session) => session.id).join(", ")}.`,
          "Cancel its plans or stop these sessions first.",
        );
      }
      store.write("person", (record) => {
        store.projects.remove(name);
        record("project.removed", name);
      });
      return {};
    },
  };
}

async function addProject(
  parts: ProjectParts,
  input: Parsed<AppContract, "project.add">,
): Promise<Project> {
  const { store } = parts;
  const repository = await parts.openRepository(input.path);
  const file = await parts.readProjectFile(repository.root);
  const target = input.target ?? file.target ?? repository.branch;
  if (!target)
    throw new SwitchyardError(
      "no-such-branch",
      `${repository.root} has no branch checked out, so there is no telling where work should land.`,
      "Name the branch with --target.",
    );
  await parts.requireBranch(repository.root, target);
  const name = input.name ?? nameFromFolder(repository.root);
  return store.write("person", (record) => {
    const known = store.projects.findByPath(repository.root);
    if (known)
      throw new SwitchyardError(
        "name-taken",
        `${repository.root} is already the project ${known.name}.`,
        `See: switchyard project show ${known.name}`,
      );
    if (store.projects.find(name))
      throw new SwitchyardError(
        "name-taken",
        `There is already a project ${name}.`,
        "Choose another name with --name.",
      );
    const project: Project = {
      name,
      path: repository.root,
      target,
      checks: input.checks ?? file.checks ?? [],
      withoutChecks: input.withoutChecks ?? false,
      land: input.land ?? file.land ?? "merge",
      approve: input.approve ?? file.approve ?? "auto",
      strategy: input.strategy ?? file.strategy ?? DEFAULT_STRATEGY,
      maxWorkers: input.maxWorkers ?? file.maxWorkers ?? DEFAULT_MAX_WORKERS,
      queue: { state: "running", reason: null },
    };
    store.projects.insert(project);
    record("project.added", name, { path: project.path, target });
    return project;
  });
}

function nameFromFolder(root: string): ProjectName {
  const plain = path
    .basename(root)
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 40);
  const name = ProjectName.safeParse(plain);
  if (!name.success)
    throw new SwitchyardError(
      "bad-input",
      `No project name can be made of the folder ${root}.`,
      "Give one with --name.",
    );
  return name.data;
}
