import { effectiveCap, type Profile } from "../../../shared/model/profile.ts";

/** When one more session than the learned cap is tried. Not saved: a core that starts waits the first wait anew. */
export interface CapProbe {
  /** Of the clock that never jumps: the last refusal, or the last time the cap was widened. */
  readonly sinceMs: number;
  readonly waitMs: number;
  /** The cap was widened, and no refusal has come since. */
  readonly isOpen: boolean;
}

/** After so long without a refusal one more session is tried. */
const FIRST_WAIT_MS = 30 * 60_000;
/** A provider that refuses each try is asked ever more rarely, but every working day. */
const LONGEST_WAIT_MS = 8 * 3_600_000;

type ProbedProfile = Pick<Profile, "cap" | "learnedCap" | "live">;

/** The provider has refused one more session. A try that it refused makes the next one wait twice as long. */
export function refuseProbe(probe: CapProbe | undefined, nowMs: number): CapProbe {
  const waitMs = probe?.isOpen ? Math.min(probe.waitMs * 2, LONGEST_WAIT_MS) : probe?.waitMs;
  return { sinceMs: nowMs, waitMs: waitMs ?? FIRST_WAIT_MS, isOpen: false };
}

/**
 * Looks at a profile now and then. It is time for one more session when the learned cap has been kept long enough and is what
 * holds sessions back: a cap that nobody uses up is no cap that can be tried.
 */
export function lookAtProbe(
  probe: CapProbe | undefined,
  profile: ProbedProfile,
  nowMs: number,
): { readonly probe: CapProbe | undefined; readonly isTime: boolean } {
  if (profile.learnedCap === null) return { probe: undefined, isTime: false };
  // After a start of the core the time of the refusal is not known: it counts from now.
  const known = probe ?? { sinceMs: nowMs, waitMs: FIRST_WAIT_MS, isOpen: false };
  const isKept = nowMs - known.sinceMs >= known.waitMs;
  if (!isKept || profile.live < effectiveCap(profile)) return { probe: known, isTime: false };
  // The try before this one was taken: the provider lets more in than it did.
  const waitMs = known.isOpen ? FIRST_WAIT_MS : known.waitMs;
  return { probe: { sinceMs: nowMs, waitMs, isOpen: true }, isTime: true };
}
