import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import { maskKeys } from "../base/mask-keys.ts";
import type { BuildLocks } from "../supervisor/build-locks.ts";

export interface LockCallParts {
  /** Throws `needs-app` where nothing runs. */
  readonly locks: () => BuildLocks;
}

type LockCalls = "lock.take" | "lock.leave" | "lock.list";

export function handleLocks({ locks }: LockCallParts): Pick<Handlers<AppContract>, LockCalls> {
  return {
    "lock.take": async ({ isRunning, inside, ...request }, peer) => {
      const command = maskKeys(request.command);
      return { ticket: await locks().take({ ...request, command }, { isRunning, inside }, peer) };
    },
    "lock.leave": ({ ticket }) => {
      locks().leave(ticket);
      return {};
    },
    "lock.list": () => [...locks().list()],
  };
}
