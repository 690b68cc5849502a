import { create } from "zustand";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Output } from "../../../shared/contract/rpc.ts";
import type { ProjectName } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";

type Changes = Output<AppContract, "project.changes">;

interface ChangesView {
  readonly project: ProjectName | null;
  readonly changes: Changes | null;
}

/** What the core last said of the person's own checkout. */
export const useChangesView = create<ChangesView>(() => ({ project: null, changes: null }));

export function keepChanges(project: ProjectName, changes: Changes | null): void {
  useChangesView.setState({ project, changes });
}

/** Asks again. A checkout that cannot be looked at shows no banner: whatever needs it says why itself. */
export function lookAtChanges(project: ProjectName): void {
  call("project.changes", { project }).then(
    (changes) => keepChanges(project, changes),
    () => keepChanges(project, null),
  );
}
