import { type BuildLock, type LockClaim, ownerOf } from "../../shared/model/build-lock.ts";
import { type Cut, writeTable } from "./write-table.ts";

/** Who holds slots and who waits, one row each; a sentence where nobody does. */
export function describeLocks(locks: readonly BuildLock[], cut: Cut): string {
  const row = (name: string, state: string, claim: LockClaim) => [
    name,
    state,
    ownerOf(claim),
    claim.session ?? "",
    claim.project ?? "",
    claim.since,
    cut(claim.command),
  ];
  const rows = locks.flatMap(({ name, slots, holders, waiting }) => [
    ...holders.map((claim, at) => row(name, `holds ${at + 1} of ${slots}`, claim)),
    ...waiting.map((claim, at) => row(name, `waits ${at + 1}`, claim)),
  ]);
  const head = ["lock", "state", "owner", "session", "project", "since", "command"];
  return writeTable(head, rows, "Nobody holds a build slot.");
}
