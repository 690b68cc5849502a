import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { GitError } from "./run-git.ts";

/** git does not say why it could not write a file, and leaves nothing half written by which a full disk could be told. */
export function explainNoRoom(error: unknown, path: string): unknown {
  if (!(error instanceof GitError)) return error;
  const [said] = /unable to write file .*|no space left on device/i.exec(error.stderr) ?? [];
  if (said === undefined) return error;
  const what = `The disk of ${path} has too little room for what is checked: ${said}.`;
  return new SwitchyardError("disk-full", what, null, error);
}
