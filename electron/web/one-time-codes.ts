import { randomBytes } from "node:crypto";

/** Long enough to open a link that was just printed, short enough that what `ps` or a terminal's history shows of it is worthless. */
const CODE_LIFE_MS = 60_000;

/** Codes that can be swapped once, within a minute, for the window's token. */
export class OneTimeCodes {
  readonly #now: () => number;
  readonly #expiryOf = new Map<string, number>();

  /** @param now milliseconds on a clock that never jumps */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  issue(): string {
    for (const [code, expiry] of this.#expiryOf) {
      if (expiry <= this.#now()) this.#expiryOf.delete(code);
    }
    const code = randomBytes(24).toString("base64url");
    this.#expiryOf.set(code, this.#now() + CODE_LIFE_MS);
    return code;
  }

  /** True the first time, while the code lives. */
  redeem(code: string): boolean {
    const expiry = this.#expiryOf.get(code);
    this.#expiryOf.delete(code);
    return expiry !== undefined && this.#now() < expiry;
  }
}
