import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";

/**
 * For the edge of a process: what could not be saved because a disk is full ends it neither from a timer nor from a promise that
 * nobody waits for. What failed was taken back whole, and is looked at again with the next thing that happens. Anything else that
 * nobody has caught is a defect and ends the process as ever.
 */
export function outliveFullDisk(tell: (error: Error) => void): void {
  const outlive = (error: unknown) => {
    if (!isFullDisk(error)) throw error;
    tell(error);
  };
  process.on("uncaughtException", outlive);
  process.on("unhandledRejection", outlive);
}

function isFullDisk(error: unknown): error is Error {
  if (error instanceof SwitchyardError && error.code === "disk-full") return true;
  const isOfTheSystem = error instanceof Error && "code" in error;
  return isOfTheSystem && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
