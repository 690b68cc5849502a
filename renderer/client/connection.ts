import { create } from "zustand";
import { type AppContract, appContract } from "../../shared/contract/app-contract.ts";
import {
  type CallName,
  type Client,
  createClient,
  type Input,
  type Output,
} from "../../shared/contract/rpc.ts";
import type { Wire } from "../../shared/contract/wire.ts";
import {
  type ErrorShape,
  SwitchyardError,
  toErrorShape,
} from "../../shared/model/switchyard-error.ts";
import { retryDelayMs } from "./retry-delay.ts";

export type AppClient = Client<AppContract>;

export type Connection =
  | { readonly kind: "connecting" }
  | { readonly kind: "open"; readonly client: AppClient }
  | { readonly kind: "lost"; readonly error: ErrorShape; readonly attempts: number };

export const useConnection = create<Connection>(() => ({ kind: "connecting" }));

/**
 * Keeps this window connected until `signal` aborts: whenever a wire ends, a new one is opened. `onOpen` runs on each
 * new client before it is shown as open; a failure there counts as a lost connection.
 */
export async function stayConnected(
  openWire: () => Promise<Wire>,
  onOpen: (client: AppClient) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let attempts = 0;
  while (!signal.aborted) {
    try {
      const client = createClient(appContract, await openWire());
      const closed = new Promise<void>((resolve) => client.onClose(resolve));
      await onOpen(client);
      attempts = 0;
      useConnection.setState({ kind: "open", client }, true);
      await Promise.race([closed, aborted(signal)]);
      if (signal.aborted) return client.close();
      throw new SwitchyardError("needs-app", "The connection to Switchyard was lost.");
    } catch (error) {
      attempts += 1;
      useConnection.setState({ kind: "lost", error: toErrorShape(error), attempts }, true);
    }
    await delay(retryDelayMs(attempts), signal);
  }
}

/** Asks the core. Rejects with a `SwitchyardError`, also when there is no connection. */
export function call<N extends CallName<AppContract>>(
  name: N,
  input: Input<AppContract, N>,
): Promise<Output<AppContract, N>> {
  const connection = useConnection.getState();
  if (connection.kind === "open") return connection.client.call(name, input);
  return Promise.reject(
    new SwitchyardError(
      "needs-app",
      "There is no connection to Switchyard.",
      "It is tried again by itself; nothing was changed.",
    ),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
