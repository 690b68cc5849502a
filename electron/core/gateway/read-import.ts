import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { TaskRecord } from "../store/store.ts";
import { findDoubles } from "../task/find-doubles.ts";
import { type ListedTask, readTaskList } from "../task/read-task-list.ts";

/**
 * The tasks that a list adds to those a project has. Throws `bad-input` when it has none, and `name-taken` when one of them is
 * there already, unless that is what is wanted.
 */
export function readImport(
  text: string,
  known: readonly TaskRecord[],
  isAgain: boolean,
): readonly ListedTask[] {
  const listed = readTaskList(text);
  if (listed.length === 0)
    throw new SwitchyardError(
      "bad-input",
      "There is no open item in this list.",
      "An item is a line like: - [ ] title",
    );
  const doubles = isAgain ? [] : findDoubles(listed, known);
  if (doubles.length === 0) return listed;
  const ids = doubles.map(({ id }) => id).join(", ");
  const which =
    doubles.length === 1 ? "a task of this list is" : `${doubles.length} tasks of this list are`;
  throw new SwitchyardError(
    "name-taken",
    `Nothing was imported: ${which} there already and open (${ids}).`,
    "Leave them out of the list, or import all of it once more with: --again",
  );
}
