import type { EntryId } from "../../../shared/model/ids.ts";
import { type EntryState, isOpen } from "../../../shared/model/queue-entry.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { EntryEvent } from "./queue-machine.ts";

/** What a person asked makes no sense in the state that the entry is in. */
export function refuseAsked(id: EntryId, state: EntryState, event: EntryEvent): SwitchyardError {
  const verb = event.kind.replace(/-asked$/, "");
  if (state === "landing") {
    const hint = "It is done in a moment; then look again.";
    return new SwitchyardError("wrong-state", `${id} is landing right now.`, hint);
  }
  const why = isOpen(state) ? "" : ": it has left the queue";
  return new SwitchyardError(
    "wrong-state",
    `${id} is ${state}${why}, so there is nothing to ${verb}.`,
  );
}
