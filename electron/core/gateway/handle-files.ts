import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Store } from "../store/store.ts";
import { findFile } from "./files/find-file.ts";
import type { FilePlace } from "./files/plan-editor.ts";
import { requireSession } from "./require-session.ts";

export interface FileParts {
  readonly store: Store;
  readonly homeFolder: string;
  /** Opens the person's editor there; answers with its name, or throws why none can be opened. */
  readonly openEditor: (place: FilePlace) => Promise<string>;
}

type FileCalls = "session.files" | "session.open-file";

/** Files that a session's terminal names, opened in the person's own editor. */
export function handleFiles(parts: FileParts): Pick<Handlers<AppContract>, FileCalls> {
  const { store, homeFolder } = parts;
  return {
    "session.files": async ({ session: id, names }) => {
      const { cwd } = requireSession(store, id);
      const found = await Promise.all(
        names.map(async (name) => {
          const file = await findFile(cwd, name, homeFolder);
          return file ? [{ name, ...file }] : [];
        }),
      );
      return { files: found.flat() };
    },
    "session.open-file": async ({ session: id, name, line, column, isSure }) => {
      const { cwd } = requireSession(store, id);
      const found = await findFile(cwd, name, homeFolder);
      if (!found)
        throw new SwitchyardError(
          "not-found",
          `There is no file ${name} where ${id} works.`,
          `It works in ${cwd}.`,
        );
      if (!found.isInside && !isSure)
        throw new SwitchyardError(
          "wrong-state",
          `${found.place} lies outside of the worktree of ${id}.`,
          "Open it all the same with --outside.",
        );
      return {
        editor: await parts.openEditor({ file: found.place, line, column }),
        place: found.place,
      };
    },
  };
}
