import type { Project } from "../../../../shared/model/project.ts";
import type { PullRequest } from "../../../../shared/model/pull-request.ts";
import type { Store } from "../../store/store.ts";
import type { QueueGate } from "../queue-gate.ts";
import type { Proposed } from "./proposal-work.ts";

export interface ProposingParts {
  readonly store: Store;
  readonly gate: Pick<QueueGate, "whyWait">;
  /** Name of the remote at which a project's work is proposed instead of landed; null: it lands here. */
  readonly proposesTo: (project: Project) => string | null;
}

/** Where the project proposes to now; null: nowhere. */
export function proposedTo(
  { proposesTo }: Pick<ProposingParts, "proposesTo">,
  project: Project,
): Pick<PullRequest, "remote" | "target"> | null {
  const remote = proposesTo(project);
  return remote === null ? null : { remote, target: project.target };
}

/**
 * Whether anything of the entry may be pushed or opened at this moment: nobody has taken it back or halted the fleet, and it is as it was
 * tested. Before it is opened it is to be proposed there still, and a pause and a freeze keep it back; new work of one that is open goes
 * where that is.
 */
export function mayPropose(
  parts: ProposingParts,
  { id, candidate, pullRequest: { remote, target, number } }: Proposed,
): boolean {
  const { store, gate } = parts;
  const now = store.entries.find(id);
  const project = now && store.projects.find(now.project);
  if (!project || now.state !== "proposed" || now.candidate !== candidate) return false;
  if (store.fleet.read().isHalted) return false;
  if (number !== null) return true;
  const to = proposedTo(parts, project);
  return to?.remote === remote && to.target === target && gate.whyWait(project, now) === null;
}
