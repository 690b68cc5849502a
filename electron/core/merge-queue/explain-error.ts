import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";

/** What went wrong, and the way out where there is one. */
export function explainError(error: unknown): string {
  if (error instanceof SwitchyardError && error.hint !== null) {
    return `${error.message} ${error.hint}`;
  }
  return error instanceof Error ? error.message : String(error);
}
