import { stripVTControlCharacters } from "node:util";
import type { CommandContext } from "./command-runner.ts";

/**
 * Says on standard error that nothing goes out while everything is stopped. It is a notice beside an answer: where the core cannot
 * be asked, nothing is said.
 */
export async function tellHalt({
  ask,
  surroundings,
}: Pick<CommandContext, "ask" | "surroundings">): Promise<void> {
  const status = await ask("app.status", {}).catch(() => null);
  if (!status?.fleet.isHalted) return;
  const { reason } = status.fleet;
  const why = reason === null ? "" : ` (${stripVTControlCharacters(reason)})`;
  surroundings.complain(
    `Everything is stopped${why}, so nothing starts or lands; let it go on with: switchyard resume\n`,
  );
}
