import type { ModelCall } from "../../demo/scripted-model/model-call.ts";
import type { Look } from "./look-at-meter.ts";
import type { OpenSpan } from "./plan-ideal.ts";

/** A simulated run over several profiles, all times in milliseconds since 1970. Who called is the scripted model's word. */
export interface ProfilesRun {
  /** When the tasks were there, and the last of them had landed. */
  readonly startedMs: number;
  readonly tasks: readonly {
    readonly id: string;
    readonly status: string;
    readonly reason: string | null;
    readonly landedMs: number | null;
  }[];
  /** In the order in which they were started. */
  readonly sessions: readonly RunSession[];
  readonly calls: readonly RunCall[];
  readonly changes: readonly ProfileChange[];
  readonly profiles: readonly { readonly name: string; readonly cap: number }[];
  readonly troubles: readonly Trouble[];
  /** What a session alone takes before its first call and after its last one, its slot in hand. */
  readonly aloneMs: { readonly before: number; readonly after: number };
  readonly looks: readonly Look[];
}

export interface RunSession {
  readonly id: string;
  readonly task: string | null;
  readonly profile: string;
  readonly providerSession: string;
  readonly startedMs: number;
  readonly endedMs: number | null;
}

export type RunCall = Pick<
  ModelCall,
  "role" | "session" | "profile" | "status" | "startMs" | "endMs"
>;

/** The core's own record of a profile's state, the newest last. */
export interface ProfileChange {
  readonly atMs: number;
  readonly profile: string;
  readonly from: string;
  readonly to: string;
  readonly restsUntilMs: number | null;
  readonly learnedCap: number | null;
}

/** What the provider did: a window used up until its reset, a login refused until the next sign-in, sessions over a number refused. */
export type Trouble =
  | (OpenSpan & { readonly kind: "window" | "login"; readonly profile: string })
  | { readonly kind: "crowded"; readonly profile: string; readonly admitted: number };
