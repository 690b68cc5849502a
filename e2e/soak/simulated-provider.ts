import type { createScriptedModel } from "../../demo/scripted-model/create-scripted-model.ts";
import {
  ADMITTED,
  CALLS_TO_REVOCATION,
  CROWDED,
  isUsedUp,
  LIMITED,
  type ProviderSide,
  REVOKED,
  simulatedProfiles,
  tellProvider,
} from "./profiles-plan.ts";
import type { Trouble } from "./profiles-run.ts";

const HOUR_MS = 3_600_000;

/** Plays the provider's side with the scripted model: what each login is refused, and how its windows fill with what was answered. */
export class SimulatedProvider {
  readonly #model: ReturnType<typeof createScriptedModel>;
  readonly #note: (line: string) => void;
  #startedMs = Date.now();
  #resetAtMs = Date.now() + HOUR_MS;
  #answeredBefore: Readonly<Record<string, number>> = {};
  #answeredAtReset: number | null = null;
  #usedUpMs: number | null = null;
  #revokedMs: number | null = null;
  #signedInMs: number | null = null;

  constructor(model: ReturnType<typeof createScriptedModel>, note: (line: string) => void) {
    this.#model = model;
    this.#note = note;
  }

  get isRevoked(): boolean {
    return this.#revokedMs !== null && this.#signedInMs === null;
  }

  /** What was answered before does not count. */
  begin(startedMs: number, resetAtMs: number): void {
    this.#answeredBefore = this.#countAnswered();
    this.#startedMs = startedMs;
    // The header tells whole seconds.
    this.#resetAtMs = Math.ceil(resetAtMs / 1000) * 1000;
  }

  /** To be called again and again: nothing else lets time pass here. */
  tell(): void {
    const answered = this.#countAnswered();
    const nowMs = Date.now();
    if (nowMs >= this.#resetAtMs && this.#answeredAtReset === null) {
      this.#answeredAtReset = answered[LIMITED] ?? 0;
      this.#note(`the window of ${LIMITED} begins anew`);
    }
    if (this.#revokedMs === null && (answered[REVOKED] ?? 0) >= CALLS_TO_REVOCATION) {
      this.#revokedMs = nowMs;
      this.#note(`the login of ${REVOKED} is revoked`);
    }
    const side: ProviderSide = {
      startedMs: this.#startedMs,
      nowMs,
      resetAtMs: this.#resetAtMs,
      answered,
      answeredAtReset: this.#answeredAtReset,
      isRevoked: this.isRevoked,
    };
    if (isUsedUp(side) && this.#usedUpMs === null) {
      this.#usedUpMs = nowMs;
      this.#note(`the window of ${LIMITED} is used up`);
    }
    this.#model.setScenario(tellProvider(side));
  }

  /** The login that was revoked is a good one again. */
  signIn(): void {
    this.#signedInMs = Date.now();
    this.#note(`${REVOKED} is signed in again`);
    this.tell();
  }

  /** What never came to pass lasts no time. */
  troubles(): readonly Trouble[] {
    const window = { fromMs: this.#usedUpMs ?? this.#resetAtMs, untilMs: this.#resetAtMs };
    const login = {
      fromMs: this.#revokedMs ?? this.#startedMs,
      untilMs: this.#signedInMs ?? this.#startedMs,
    };
    return [
      { kind: "window", profile: LIMITED, ...window },
      { kind: "login", profile: REVOKED, ...login },
      { kind: "crowded", profile: CROWDED, admitted: ADMITTED },
    ];
  }

  #countAnswered(): Readonly<Record<string, number>> {
    const main = this.#model.calls.filter(({ role, status }) => role === "main" && status === 200);
    const count = ({ name }: { readonly name: string }) =>
      main.filter(({ profile }) => profile === name).length - (this.#answeredBefore[name] ?? 0);
    return Object.fromEntries(simulatedProfiles.map((each) => [each.name, count(each)]));
  }
}
