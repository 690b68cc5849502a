import { devNull } from "node:os";
import path from "node:path";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { personEnvironment } from "./compose-sign-ins.ts";
import {
  type FilePlace,
  isKnownEditor,
  KNOWN_EDITORS,
  needsTerminal,
  planEditor,
} from "./gateway/files/plan-editor.ts";
import { resolveExecutable } from "./process/resolve-executable.ts";
import { splitCommand } from "./process/split-command.ts";
import { startDetached } from "./process/start-detached.ts";

export interface EditorParts {
  /** The person's own settings file, and what it says. */
  readonly configFile: string;
  readonly editor: () => string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

/** Opens the editor that the person has named, else the one of their shell or the first that is there. */
export function composeEditor(parts: EditorParts): (place: FilePlace) => Promise<string> {
  return async (place) => {
    const [program, ...words] = chooseEditor(parts, place);
    const found = resolve(parts, program);
    if (found === null) throw unusable(parts, `There is no editor ${program}.`, place);
    await startDetached(found, planEditor(program, words, place), {
      env: personEnvironment(),
      outputFile: devNull,
    });
    return path.basename(program);
  };
}

function chooseEditor(parts: EditorParts, place: FilePlace): readonly [string, ...string[]] {
  const named = parts.editor();
  if (named !== undefined) {
    const command = splitCommand(named);
    if (!needsTerminal(command[0])) return command;
    throw unusable(parts, `${command[0]} draws in a terminal, and has none here.`, place);
  }
  if (!hasScreen(parts.env)) throw unusable(parts, "There is no screen for an editor here.", place);
  for (const told of [parts.env.VISUAL, parts.env.EDITOR]) {
    const command = told?.trim() ? splitCommand(told) : null;
    if (command && isKnownEditor(command[0])) return command;
  }
  const there = KNOWN_EDITORS.find((each) => resolve(parts, each) !== null);
  if (there !== undefined) return [there];
  throw unusable(parts, "None of the editors that are known here is on the PATH.", place);
}

function resolve({ env, homeFolder }: EditorParts, program: string): string | null {
  const found = resolveExecutable(program, { pathVariable: env.PATH ?? "", homeFolder });
  return found.kind === "found" ? found.file : null;
}

/** Over SSH there is most often none. */
function hasScreen(env: EditorParts["env"]): boolean {
  return process.platform !== "linux" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

function unusable({ configFile }: EditorParts, why: string, { file }: FilePlace): SwitchyardError {
  return new SwitchyardError(
    "executable-missing",
    `${file} cannot be opened: ${why}`,
    `Name an editor in ${configFile}, such as editor: "code --goto {file}:{line}:{column}", or open the file yourself.`,
  );
}
