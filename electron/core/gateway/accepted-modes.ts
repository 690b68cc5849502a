import { MODE_TOOL, type UnaskedMode } from "../../../shared/model/ask.ts";
import type { ProjectName } from "../../../shared/model/ids.ts";
import type { Store } from "../store/store.ts";

/** Whether somebody lets workers of this project run in a mode in which they ask nothing. */
export function isModeAccepted(store: Store, project: ProjectName, mode: UnaskedMode): boolean {
  return store.approvals
    .list(project)
    .some(({ tool, input }) => tool === MODE_TOOL && input === mode);
}
