import type { AppContract } from "./app-contract.ts";
import {
  applyChanged,
  emptyMirror,
  fromSnapshot,
  type MirrorRows,
  putForecast,
} from "./mirror-rows.ts";
import type { Changed } from "./rows.ts";
import type { Client } from "./rpc.ts";

/** Hands over the core's rows, whole, once before it resolves and then after every change for as long as the client lives. */
export async function followRows(
  client: Client<AppContract>,
  take: (rows: MirrorRows) => void,
): Promise<void> {
  const early: Changed[] = [];
  let { health, forecasts, locks } = emptyMirror;
  let rows: MirrorRows | null = null;
  const set = (next: MirrorRows) => {
    if (next === rows) return;
    rows = next;
    take(next);
  };
  client.on("health", (now) => {
    health = now;
    if (rows) set({ ...rows, health });
  });
  client.on("forecast", (now) => {
    forecasts = putForecast(forecasts, now);
    if (rows) set({ ...rows, forecasts });
  });
  client.on("locks", (now) => {
    locks = now;
    if (rows) set({ ...rows, locks });
  });
  client.on("changed", (changed) => {
    if (rows) set(applyChanged(rows, changed));
    else early.push(changed);
  });
  const snapshot = await client.call("app.watch", {});
  set({ ...early.reduce(applyChanged, fromSnapshot(snapshot)), health, forecasts, locks });
}
