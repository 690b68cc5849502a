import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import type { ProfileName } from "../../../shared/model/ids.ts";
import type { Profiles } from "../profile/profiles.ts";
import type { Store } from "../store/store.ts";

export interface ProfileParts {
  readonly store: Store;
  readonly profiles: Profiles;
  /** Types a code into the login that runs. */
  readonly sendCode: (name: ProfileName, code: string) => Promise<void>;
  /** Aborts when the core stops: nobody is asked who is signed in after that. */
  readonly signal: AbortSignal;
}

type ProfileCalls =
  | "profile.add"
  | "profile.find"
  | "profile.import"
  | "profile.list"
  | "profile.show"
  | "profile.set"
  | "profile.check"
  | "profile.share"
  | "profile.login"
  | "profile.send-code"
  | "profile.logout"
  | "profile.remove"
  | "profile.wrapper";

export function handleProfiles({
  store,
  profiles,
  sendCode,
  signal,
}: ProfileParts): Pick<Handlers<AppContract>, ProfileCalls> {
  return {
    "profile.add": ({ name, ...settings }) => profiles.add(name, settings, signal),
    "profile.find": () => [...profiles.find()],
    "profile.import": async (input) => [...(await profiles.import(input, signal))],
    "profile.list": () => [...store.profiles.list()],
    "profile.show": ({ name }) => profiles.require(name),
    "profile.set": async ({ name, ...settings }) => {
      const changed = profiles.set(name, settings);
      // What was wrong with its program or its sign-in may be right now.
      const isOther = settings.executable !== undefined || settings.env !== undefined;
      return isOther ? await profiles.recheck(name, signal) : changed;
    },
    "profile.check": async ({ name }) => {
      const { profile, findings } = await profiles.check(name, signal);
      return { profile, findings: [...findings] };
    },
    "profile.share": ({ name, from, items }) => profiles.share(name, from, items),
    "profile.login": ({ name }) => profiles.login(name),
    "profile.send-code": async ({ name, code }) => {
      await sendCode(profiles.require(name).name, code);
      return {};
    },
    "profile.logout": ({ name }) => profiles.logout(name, signal),
    "profile.remove": ({ name }) => {
      profiles.remove(name);
      return {};
    },
    "profile.wrapper": ({ name, out }) => profiles.writeWrapper(name, out),
  };
}
