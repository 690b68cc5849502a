import type { WindowName } from "./usage-window.ts";

/** Why the provider refused a call of a profile, in words that hold for every provider. */
export type Refusal =
  /** A usage window is used up; which one and `resetsAt` as the refusal itself tells them, null where it does not. */
  | {
      readonly kind: "window";
      readonly name: WindowName | null;
      readonly resetsAt: string | null;
    }
  /** Too many calls at once, of nobody's window. */
  | { readonly kind: "throttled" }
  | { readonly kind: "crowded" }
  /** Money, or an allowance of the organisation's, is used up. */
  | { readonly kind: "spend" };
