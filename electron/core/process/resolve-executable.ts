import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { expandTilde } from "../base/data-folder.ts";

export type Executable =
  | { readonly kind: "found"; readonly file: string }
  | { readonly kind: "missing"; readonly asked: string }
  | { readonly kind: "not-runnable"; readonly file: string; readonly why: NotRunnable };

type NotRunnable = "it is a folder" | "it is not a file" | "it has no permission to run";

/**
 * Finds the program that is meant by a name (searched in `pathVariable`) or a path (`~` is the home folder).
 * A name found only where it cannot run is reported as that, not as missing.
 */
export function resolveExecutable(
  nameOrPath: string,
  where: { readonly pathVariable: string; readonly homeFolder: string },
): Executable {
  const asked = expandTilde(nameOrPath, where.homeFolder);
  if (/[\\/]/.test(asked)) return look(resolve(asked)) ?? { kind: "missing", asked: nameOrPath };

  let second: Executable | null = null;
  for (const folder of where.pathVariable.split(delimiter)) {
    // A relative or empty entry means the current folder, which may be a worker's.
    if (!isAbsolute(folder)) continue;
    const found = look(join(folder, asked));
    if (found?.kind === "found") return found;
    second ??= found;
  }
  return second ?? { kind: "missing", asked: nameOrPath };
}

function look(file: string): Executable | null {
  if (process.platform !== "win32") return judge(file);
  for (const ending of ["", ".exe", ".cmd", ".bat"]) {
    const found = judge(`${file}${ending}`);
    if (found) return found;
  }
  return null;
}

/** Null when nothing is there, a link to nothing included. */
function judge(file: string): Executable | null {
  const found = statOrNull(file);
  if (!found) return null;
  if (found.isDirectory()) return { kind: "not-runnable", file, why: "it is a folder" };
  if (!found.isFile()) return { kind: "not-runnable", file, why: "it is not a file" };
  try {
    accessSync(file, constants.X_OK);
    return { kind: "found", file };
  } catch {
    return { kind: "not-runnable", file, why: "it has no permission to run" };
  }
}

function statOrNull(file: string): ReturnType<typeof statSync> | null {
  try {
    return statSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    // EACCES: in a folder that may not be entered it may as well not be there.
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"].includes(code)) return null;
    throw error;
  }
}
