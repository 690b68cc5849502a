import type { Page } from "@playwright/test";

interface Shot {
  readonly name: string;
  /** Of the address, without the question mark. */
  readonly query: string;
  readonly steps: readonly ((page: Page) => Promise<unknown>)[];
}

export const SHOTS: readonly Shot[];
