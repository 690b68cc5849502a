import type { ProfileName } from "../../shared/model/ids.ts";
import type { Refusal } from "../../shared/model/refusal.ts";
import type { Clock } from "./base/clock.ts";
import type { ProfileLimits } from "./profile/profile-limits.ts";
import { readRefusal } from "./provider/claude/read-refusal.ts";
import type { SessionRecord, Store } from "./store/store.ts";
import { CANNOT_PAY } from "./worker/session-machine.ts";

interface RefusalParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Pick<ProfileLimits, "noteLimit">;
}

/** Tells a profile why the provider refused one of its sessions, and says whether that waits or leaves its slot. */
export function composeRefusals({ store, clock, limits }: RefusalParts) {
  const read = ({ reason }: SessionRecord): Refusal => {
    const why = reason ?? "";
    return why.startsWith(CANNOT_PAY) ? { kind: "spend" } : readRefusal(why, clock.now());
  };
  // A sign-in holds no slot, whatever the cap is.
  const isAdmitted = (session: SessionRecord) =>
    session.kind === "worker" && (session.state !== "limited" || read(session).kind !== "crowded");
  return (name: ProfileName, session: SessionRecord): "waits" | "leaves" => {
    const refusal = read(session);
    const ofProfile = store.sessions
      .list({ isLive: true })
      .filter(({ profile, id }) => profile === name && id !== session.id);
    const admitted = ofProfile.filter(isAdmitted).length;
    limits.noteLimit(name, session.reason ?? "", refusal, admitted);
    return refusal.kind === "crowded" ? "leaves" : "waits";
  };
}
