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
  if (event.kind === "hotfix-asked" && isOpen(state)) return sameHotfix(id, event.isOn);
  const why = isOpen(state) ? "" : ": it has left the queue";
  return new SwitchyardError(
    "wrong-state",
    `${id} is ${state}${why}, so there is nothing to ${verb}.`,
  );
}

function sameHotfix(id: EntryId, isOn: boolean): SwitchyardError {
  return isOn
    ? new SwitchyardError(
        "wrong-state",
        `${id} is a hot fix already.`,
        `To end that: switchyard queue hotfix ${id} --off`,
      )
    : new SwitchyardError(
        "wrong-state",
        `${id} is no hot fix.`,
        `To make it one: switchyard queue hotfix ${id}`,
      );
}
