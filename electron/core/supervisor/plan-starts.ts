import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";

/** About what one session takes, measured: 125 MB of its own and 30 MB after its first turn. */
const SESSION_MB = 160;
/** Below so many free terminals nothing is started: the person needs some too. */
const FREE_TERMINALS_MIN = 32;
/** A session's terminal, log and journal are three; a window that looks on, a hook and a tool call take more while they last. */
const FILES_A_SESSION = 16;

export interface Starter {
  readonly session: SessionId;
  readonly profile: ProfileName;
}

/** What the machine has left. Null: not known here, and so nothing waits for it. */
export interface MachineRoom {
  readonly freeMemoryMb: number | null;
  readonly loadPerCore: number | null;
  readonly freeTerminals: number | null;
  /** That the terminal host may still open. */
  readonly freeFiles: number | null;
}

export interface StartLimits {
  /** From the start of one session of a profile to the next of the same: logins of one folder race otherwise. */
  readonly gapMs: number;
  /** Sessions that come up at once on the machine: a start costs half a second of a core. */
  readonly atOnce: number;
  /** Null: whatever is free. */
  readonly freeMemoryMb: number | null;
  /** Null: whatever the load. */
  readonly loadPerCore: number | null;
}

interface StartView {
  /** In the order in which they were claimed. */
  readonly waiting: readonly Starter[];
  /** Started, and no sign of life yet. */
  readonly coming: readonly Starter[];
  /** How long ago the last session of a profile was started; a profile that is missing has started none. */
  readonly sinceLastMs: ReadonlyMap<ProfileName, number>;
  readonly limits: StartLimits;
  readonly room: MachineRoom;
}

interface Wait {
  /** Stays the same while it waits for the same thing, whatever the numbers in the sentence. */
  readonly kind: "profile" | "gap" | "machine" | "memory" | "load" | "terminals" | "files";
  readonly text: string;
}

interface StartPlan {
  readonly go: readonly Starter[];
  readonly waits: ReadonlyMap<SessionId, Wait>;
  /** When to look again, where no event will say so; null when one will. */
  readonly againInMs: number | null;
}

/** What is free on the machine tells nobody when it changes: it has to be looked at. */
const LOOK_EVERY_MS = 1_000;

/**
 * Which of the claimed sessions are started now, and what each of the others waits for.
 *
 * Invariant: sessions of one profile start in their order, one at a time. Of those whose profile lets them, the machine takes
 * them in their order.
 */
export function planStarts(view: StartView): StartPlan {
  const { limits } = view;
  const coming = [...view.coming];
  const ahead = new Map<ProfileName, SessionId>();
  for (const { profile, session } of coming) ahead.set(profile, session);
  const go: Starter[] = [];
  const waits = new Map<SessionId, Wait>();
  let againInMs: number | null = null;
  const lookAgain = (ms: number) => {
    againInMs = Math.min(againInMs ?? ms, ms);
  };
  let full: Wait | null = null;

  for (const starter of view.waiting) {
    const before = ahead.get(starter.profile);
    ahead.set(starter.profile, starter.session);
    if (before !== undefined) {
      waits.set(starter.session, {
        kind: "profile",
        text: `waits for ${before} of ${starter.profile} to come up`,
      });
      continue;
    }
    const gapLeftMs = limits.gapMs - (view.sinceLastMs.get(starter.profile) ?? limits.gapMs);
    if (gapLeftMs > 0) {
      waits.set(starter.session, {
        kind: "gap",
        text: `waits a moment: ${starter.profile} has just started another`,
      });
      lookAgain(gapLeftMs);
      continue;
    }
    full ??= fullness(coming, view);
    if (full) {
      waits.set(starter.session, full);
      // Who is coming up says so; all else has to be looked at.
      if (full.kind !== "machine") lookAgain(LOOK_EVERY_MS);
      continue;
    }
    go.push(starter);
    coming.push(starter);
  }
  return { go, waits, againInMs };
}

/** Why the machine takes no session more; null when it does. */
function fullness(coming: readonly Starter[], { limits, room }: StartView): Wait | null {
  if (coming.length >= limits.atOnce) {
    const who = coming.map(({ session }) => session).join(", ");
    return { kind: "machine", text: `waits for ${who} to come up` };
  }
  // What those that are coming up will take is not taken yet.
  const count = coming.length;
  const { freeTerminals, freeFiles, freeMemoryMb, loadPerCore } = room;
  if (freeTerminals !== null && freeTerminals - count <= FREE_TERMINALS_MIN)
    return {
      kind: "terminals",
      text: `waits for a pseudo-terminal: ${freeTerminals} of this machine's are free, and ${FREE_TERMINALS_MIN} are kept free`,
    };
  if (freeFiles !== null && freeFiles < (count + 1) * FILES_A_SESSION)
    return {
      kind: "files",
      text: `waits for open files: the terminal host may open ${freeFiles} more, and a session needs ${FILES_A_SESSION}; raise the limit (ulimit -n)`,
    };
  if (limits.freeMemoryMb !== null && freeMemoryMb !== null) {
    const freeMb = Math.max(0, freeMemoryMb - count * SESSION_MB);
    if (freeMb < limits.freeMemoryMb)
      return {
        kind: "memory",
        text: `waits for memory: ${freeMb} MB free, ${limits.freeMemoryMb} needed`,
      };
  }
  if (limits.loadPerCore !== null && loadPerCore !== null && loadPerCore >= limits.loadPerCore)
    return {
      kind: "load",
      text: `waits for a calmer machine: ${loadPerCore.toFixed(1)} programs want each core, ${limits.loadPerCore} may`,
    };
  return null;
}
