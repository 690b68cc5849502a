import type { HostContract } from "../../../shared/contract/host-contract.ts";
import type { CallName, Client } from "../../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";

/** What a host that hangs would carry out once for each time it was asked, long after whoever asked has given up. */
const ORDERS: readonly CallName<HostContract>[] = ["spawn", "write", "kill"];

/** The same client, which leaves nothing in the queue of a host that is silent: what is typed twice is a message sent twice. */
export function refuseOrders(
  client: Client<HostContract>,
  isSilent: () => boolean,
  hostPid: number,
): Client<HostContract> {
  return {
    ...client,
    async call(name, input) {
      if (isSilent() && ORDERS.includes(name))
        throw new SwitchyardError(
          "timeout",
          `The terminal host (process ${hostPid}) does not answer, so nothing is typed or started.`,
          "Try again once it answers. See: switchyard status",
        );
      return client.call(name, input);
    },
  };
}
