import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import type { Store } from "../store/store.ts";
import { countAtRest } from "../supervisor/fleet-halt.ts";

export interface FleetCallParts {
  readonly store: Store;
  /** Ends every session, and hands out nothing more. Resolves when all are gone. */
  readonly haltAll: (reason: string | null) => Promise<void>;
  readonly goOn: () => void;
}

type FleetCalls = "fleet.halt" | "fleet.resume";

export function handleFleet(parts: FleetCallParts): Pick<Handlers<AppContract>, FleetCalls> {
  const { store } = parts;
  return {
    "fleet.halt": async ({ reason }) => {
      await parts.haltAll(reason ?? null);
      return store.fleet.read();
    },
    "fleet.resume": () => {
      const wasHalted = store.fleet.read().isHalted;
      parts.goOn();
      return { ...store.fleet.read(), wasHalted, atRest: countAtRest(store) };
    },
  };
}
