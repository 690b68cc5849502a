import { create } from "zustand";
import type { Changed } from "../../shared/contract/app-contract.ts";
import type { AppClient } from "../client/connection.ts";
import { applyChanged, emptyMirror, fromSnapshot, type MirrorRows } from "./mirror-rows.ts";

/** The core's state in this window. Only the core's events write it. */
export const useMirror = create<MirrorRows>(() => emptyMirror);

/** Fills the mirror from a new client and keeps it true for as long as that client lives. */
export async function fillMirror(client: AppClient): Promise<void> {
  const early: Changed[] = [];
  let isFilled = false;
  let { health } = emptyMirror;
  client.on("health", (now) => {
    health = now;
    if (isFilled) useMirror.setState({ health });
  });
  client.on("changed", (changed) => {
    if (isFilled) useMirror.setState((mirror) => applyChanged(mirror, changed));
    else early.push(changed);
  });
  const snapshot = await client.call("app.watch", {});
  isFilled = true;
  useMirror.setState({ ...early.reduce(applyChanged, fromSnapshot(snapshot)), health });
}
