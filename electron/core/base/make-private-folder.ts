import { chmodSync, statSync } from "node:fs";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * Makes a folder that is this user's alone, before a program makes it readable for everyone. One that is there stays as it is.
 * Throws `failed` with the system's reason when it cannot be made.
 */
export function makePrivateFolder(folder: string): void {
  try {
    if (statSync(folder, { throwIfNoEntry: false })) return;
    makeFolder(folder, 0o700);
    chmodSync(folder, 0o700);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SwitchyardError(
      "failed",
      `The folder ${folder} cannot be made: ${why}.`,
      "Mend what is in its way, or name another folder.",
      error,
    );
  }
}
