import { create } from "zustand";
import { followRows } from "../../shared/contract/follow-rows.ts";
import { emptyMirror, type MirrorRows } from "../../shared/contract/mirror-rows.ts";
import type { AppClient } from "../client/connection.ts";

/** The core's state in this window. Only the core's events write it. */
export const useMirror = create<MirrorRows>(() => emptyMirror);

/** Fills the mirror from a new client and keeps it true for as long as that client lives. */
export function fillMirror(client: AppClient): Promise<void> {
  return followRows(client, (rows) => useMirror.setState(rows));
}
