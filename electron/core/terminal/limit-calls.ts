import type { HostContract } from "../../../shared/contract/host-contract.ts";
import type { CallName, Client, Input } from "../../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";

/** What takes the host milliseconds, on a machine that is busier than any that was seen. */
const CALL_MS = 20_000;
/** After SIGKILL the host waits this long for what was killed to be gone, twice: for its program and for what strayed from it. */
const GONE_MS = 20_000;

/** The same client, whose calls end with a sentence when the host does not answer them: it hangs, and may come back. */
export function limitCalls(
  client: Client<HostContract>,
  clock: Clock,
  hostPid: number,
): Client<HostContract> {
  return {
    ...client,
    async call(name, input) {
      const answered = new AbortController();
      const ms = limitOf(name, input);
      const tooLate = clock.wait(ms, answered.signal).then(() => {
        throw new SwitchyardError(
          "timeout",
          `The terminal host (process ${hostPid}) did not answer within ${Math.round(ms / 1000)} s.`,
          "It may still do what it was asked once it answers again. See: switchyard status",
        );
      });
      try {
        return await Promise.race([client.call(name, input), tooLate]);
      } finally {
        answered.abort(new Error("the call is over"));
      }
    },
  };
}

function limitOf<N extends CallName<HostContract>>(name: N, input: Input<HostContract, N>): number {
  if (name !== "stop") return CALL_MS;
  // Only the input of `stop` has it.
  const { graceMs } = input as Input<HostContract, "stop">;
  return graceMs + GONE_MS + CALL_MS;
}
