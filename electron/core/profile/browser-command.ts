import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { resolveExecutable } from "../process/resolve-executable.ts";
import { splitCommand } from "../process/split-command.ts";

interface Place {
  readonly pathVariable: string;
  readonly homeFolder: string;
}

/**
 * What starts the browser that a person chose for a profile: its program, looked for as a shell would, and its words.
 * Throws `bad-input`, `executable-missing` or `executable-not-runnable`, each with its sentence.
 */
export function resolveBrowser(
  command: string,
  where: Place,
): { readonly file: string; readonly args: readonly string[] } {
  const [program, ...args] = splitCommand(command);
  const found = resolveExecutable(program, where);
  switch (found.kind) {
    case "found":
      return { file: found.file, args };
    case "missing":
      throw new SwitchyardError(
        "executable-missing",
        `There is no browser ${program}.`,
        'Name its program, by its path or as on the PATH, e.g. "firefox -P work".',
      );
    case "not-runnable":
      throw new SwitchyardError(
        "executable-not-runnable",
        `The browser ${found.file} cannot be run: ${found.why}.`,
        found.why === "it has no permission to run"
          ? `Allow it with: chmod +x ${found.file}`
          : "Name the program itself.",
      );
    default:
      return unreachable(found);
  }
}
