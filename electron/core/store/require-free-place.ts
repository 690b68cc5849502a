import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";

/** Throws `name-taken` when `file` exists, and `bad-input` when its folder takes no file. */
export function requireFreePlace(file: string): void {
  if (existsSync(file)) {
    throw new SwitchyardError(
      "name-taken",
      `${file} exists already.`,
      "Name another file for the backup.",
    );
  }
  const folder = dirname(file);
  const why = describeUnusable(folder);
  if (why === null) return;
  throw new SwitchyardError(
    "bad-input",
    `${file} cannot be written: ${why}.`,
    "Name a file in a folder that exists and that you may write to.",
  );
}

function describeUnusable(folder: string): string | null {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) return `there is no folder ${folder}`;
  if (!found.isDirectory()) return `${folder} is a file, not a folder`;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch {
    return `you may not write to ${folder}`;
  }
}
