import { closeSync, openSync } from "node:fs";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";

/** What the start of a program takes: a pair for each of three pipes, and two to hear how it went. */
const NEEDED = 8;

/** Whether this process has as many files open as it may. A program is not started then, and who starts it often hears something else. */
export function isOutOfFiles(): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < NEEDED) opened.push(openSync("/dev/null", "r"));
    return false;
  } catch (error) {
    return isTooManyFiles(error);
  } finally {
    for (const each of opened) closeSync(each);
  }
}

/** `what` could not be done, e.g. "git could not be started". */
export function outOfFiles(what: string, cause: unknown): SwitchyardError {
  return new SwitchyardError(
    "failed",
    `Switchyard has as many files open as it may, so ${what}.`,
    "Raise the limit where you start it, e.g. ulimit -n 4096; switchyard doctor says what it needs.",
    cause,
  );
}

export function isTooManyFiles(error: unknown): error is Error {
  const isOfTheSystem = error instanceof Error && "code" in error;
  return isOfTheSystem && (error.code === "EMFILE" || error.code === "ENFILE");
}
