import { defaultFilter } from "cmdk";
import type { Command } from "./command.ts";

/** More lines nobody reads; drawing thousands of them would hold up the typing. */
const SHOWN_MAX = 60;

/** The commands that `text` means, the best first. */
export function findCommands(commands: readonly Command[], text: string): readonly Command[] {
  const unique = [...new Map(commands.map((command) => [command.id, command])).values()];
  return unique
    .map((command) => ({ command, score: defaultFilter(command.title, text) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN_MAX)
    .map(({ command }) => command);
}

/** In the order in which each group is first met. */
export function groupCommands(
  commands: readonly Command[],
): readonly (readonly [group: string, commands: readonly Command[]])[] {
  const names = [...new Set(commands.map((command) => command.group))];
  return names.map((name) => [name, commands.filter((command) => command.group === name)]);
}
