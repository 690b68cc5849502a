import type { ProfileName } from "../../../shared/model/ids.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { Refusal } from "../../../shared/model/refusal.ts";
import type { Clock } from "../base/clock.ts";
import { TimeWatch } from "../base/time-watch.ts";
import type { Store } from "../store/store.ts";
import { type CapProbe, lookAtProbe, refuseProbe } from "./cap-probe-machine.ts";
import { planRest, type Rest, spentUntil } from "./plan-rest.ts";
import type { ProfileEvent } from "./profile-machine.ts";

/** How often rests are looked at. The wall clock decides, so that a sleep of the machine does not stretch a rest; when it is set, the rests move with it. */
const SWEEP_MS = 5_000;

interface LimitsParts {
  readonly store: Pick<Store, "profiles">;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** Moves the profile on, and saves what became of it. */
  readonly step: (name: ProfileName, event: ProfileEvent, cause: string) => void;
}

/** Lets profiles rest whose work the provider refused, and finds out how many sessions it lets in. */
export class ProfileLimits implements Disposable {
  readonly #parts: LimitsParts;
  readonly #capProbes = new Map<ProfileName, CapProbe>();
  /** Rests in a row that no reset told the end of. */
  readonly #guesses = new Map<ProfileName, number>();
  readonly #time: TimeWatch;
  #sweeping: Disposable | null = null;

  constructor(parts: LimitsParts) {
    this.#parts = parts;
    this.#time = new TimeWatch(parts.clock);
  }

  /** Ends rests that are over, now and from now on. */
  run(): void {
    this.#sweep();
    this.#sweeping ??= this.#parts.clock.every(SWEEP_MS, () => this.#sweep());
  }

  [Symbol.dispose](): void {
    this.#sweeping?.[Symbol.dispose]();
    this.#sweeping = null;
  }

  /**
   * The provider refused work of this profile. It rests until the window that is used up begins anew, or for seconds when none is,
   * longer each time in a row; a window reported later makes the rest longer. Where no rest would help the profile takes no work
   * until a person has looked at it.
   *
   * One session too many lowers the learned cap at once to the `admitted` ones, of which there may be none because others use this
   * login too: then it rests. The refused session is to leave its slot.
   */
  noteLimit(name: ProfileName, message: string, refusal: Refusal, admitted: number): void {
    const { store, clock, random, step } = this.#parts;
    this.#moveRests();
    const profile = store.profiles.find(name);
    if (!profile) return;
    if (refusal.kind === "crowded") {
      this.#capProbes.set(name, refuseProbe(this.#capProbes.get(name), clock.monotonicMs()));
      step(name, { kind: "crowded", admitted }, "worker");
      if (admitted > 0) return;
    }
    const nowMs = clock.now().getTime();
    const earlier = this.#guesses.get(name) ?? 0;
    const rest = planRest({ refusal, windows: profile.windows, nowMs, earlier, random: random() });
    if (rest === null) {
      step(name, { kind: "spent", reason: message }, "worker");
      return;
    }
    if (rest.kind === "guess") {
      // What several sessions are told in one go is one refusal.
      if (profile.state === "resting") return;
      this.#guesses.set(name, earlier + 1);
    }
    this.#rest(profile, rest, message);
  }

  /** A session of it was answered: the next refusal is the first one again. */
  noteAnswered(name: ProfileName): void {
    this.#guesses.delete(name);
  }

  /** New measurements have been stored: a rest that began without them learns its end. */
  noteWindows(name: ProfileName): void {
    this.#moveRests();
    const profile = this.#parts.store.profiles.find(name);
    if (profile?.state !== "resting") return;
    const { clock, random } = this.#parts;
    const nowMs = clock.now().getTime();
    const { windows } = profile;
    if (spentUntil(windows, nowMs) === null) return;
    const refusal = { kind: "window", name: null, resetsAt: null } as const;
    const rest = planRest({ refusal, windows, nowMs, earlier: 0, random: random() });
    if (rest) this.#rest(profile, rest, profile.reason ?? "its usage window is used up");
  }

  #rest(profile: Profile, { overAtMs, jitterMs }: Rest, reason: string): void {
    const until = new Date(overAtMs + jitterMs).toISOString();
    // The same window told once more by another session must not move the end about.
    const heldMs = profile.restsUntil === null ? 0 : Date.parse(profile.restsUntil);
    if (profile.state === "resting" && heldMs >= overAtMs) return;
    this.#parts.step(profile.name, { kind: "limit-hit", until, reason }, "worker");
  }

  /** Rests last as long as they were to, although the wall clock they are told by was set meanwhile. */
  #moveRests(): void {
    const { store, step } = this.#parts;
    const { jumpedMs } = this.#time.look(null);
    if (jumpedMs === 0) return;
    for (const { name, state, restsUntil } of store.profiles.list()) {
      if (state === "resting" && restsUntil !== null)
        step(name, { kind: "clock-set", until: moved(restsUntil, jumpedMs) }, "clock");
    }
  }

  #sweep(): void {
    const { store, clock, step } = this.#parts;
    this.#moveRests();
    for (const profile of store.profiles.list()) {
      if (profile.state === "resting")
        step(profile.name, { kind: "time-passed", now: clock.now().toISOString() }, "clock");
      const { probe, isTime } = lookAtProbe(
        this.#capProbes.get(profile.name),
        profile,
        clock.monotonicMs(),
      );
      if (probe) this.#capProbes.set(profile.name, probe);
      else this.#capProbes.delete(profile.name);
      if (isTime) step(profile.name, { kind: "widened" }, "clock");
    }
  }
}

function moved(instant: string, byMs: number): string {
  return new Date(Date.parse(instant) + byMs).toISOString();
}
