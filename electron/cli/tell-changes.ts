import { stripVTControlCharacters } from "node:util";
import type { CommandContext } from "./command-runner.ts";

const SHOWN = 5;

/**
 * Says on standard error when the person's checkout has changes that new worktrees will not have. It is a notice beside an answer:
 * where the checkout cannot be looked at, nothing is said.
 */
export async function tellChanges(
  { ask, surroundings }: Pick<CommandContext, "ask" | "surroundings">,
  project: string,
): Promise<void> {
  const { files, count } = await ask("project.changes", { project }).catch(() => NONE);
  if (count === 0) return;
  const names = files.slice(0, SHOWN).map(stripVTControlCharacters).join(", ");
  const more = count > SHOWN ? `, and ${count - SHOWN} more` : "";
  const settle = `switchyard project settle-changes ${project}`;
  surroundings.complain(
    [
      `${count} uncommitted ${count === 1 ? "change" : "changes"} in your checkout will not be in new worktrees: ${names}${more}`,
      `  ${settle} --commit   commit them`,
      `  ${settle} --stash    put them on the stash`,
      `  ${settle} --carry    begin each new worktree with them`,
      `  ${settle} --leave    go on without them`,
      "",
    ].join("\n"),
  );
}

const NONE = { files: [], count: 0 };
