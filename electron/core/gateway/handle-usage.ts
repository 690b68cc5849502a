import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { readUsage, type UsageParts } from "../usage/read-usage.ts";

/** A week, as its longer window. */
const HOURS = 7 * 24;

export function handleUsage(parts: UsageParts): Pick<Handlers<AppContract>, "usage.read"> {
  return {
    "usage.read": ({ profile, hours }) => {
      const all = parts.store.profiles.list();
      const chosen = profile === undefined ? all : all.filter(({ name }) => name === profile);
      if (profile !== undefined && chosen.length === 0)
        throw new SwitchyardError(
          "unknown-profile",
          `There is no profile ${profile}.`,
          "See: switchyard profile list",
        );
      return readUsage(parts, chosen, hours ?? HOURS);
    },
  };
}
