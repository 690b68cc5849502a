import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { isTooManyFiles } from "./out-of-files.ts";

/**
 * For the edge of a process: what could not be saved because a disk is full, and a program that could not be started because too many
 * files are open (whoever started it hears of that too), end it neither from a timer nor from a promise that
 * nobody waits for. What failed was taken back whole, and is looked at again with the next thing that happens. Anything else that
 * nobody has caught is a defect and ends the process as ever.
 */
export function outliveFullDisk(tell: (error: Error) => void): void {
  const outlive = (error: unknown) => {
    if (!isFullDisk(error) && !isFailedStart(error)) throw error;
    tell(error);
  };
  process.on("uncaughtException", outlive);
  process.on("unhandledRejection", outlive);
}

/** simple-git looks for what the program says before it listens for its failure, so that one is nobody's. */
function isFailedStart(error: unknown): error is Error {
  return isTooManyFiles(error) && "syscall" in error && String(error.syscall).startsWith("spawn");
}

function isFullDisk(error: unknown): error is Error {
  if (error instanceof SwitchyardError && error.code === "disk-full") return true;
  const isOfTheSystem = error instanceof Error && "code" in error;
  return isOfTheSystem && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
