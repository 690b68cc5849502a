import type { ProfileName } from "../model/ids.ts";

/** With what the desktop shell tells a page where the person wants to go, e.g. from the tray. */
export const GO = "switchyard:go";

export type WindowPlace =
  | { readonly kind: "window" }
  | { readonly kind: "inbox" }
  | { readonly kind: "profiles" }
  | { readonly kind: "profile"; readonly name: ProfileName }
  | { readonly kind: "sign-in"; readonly name: ProfileName }
  /** Where everything is stopped: it is asked about there first. */
  | { readonly kind: "halt" }
  /** Where everything goes on. */
  | { readonly kind: "resume" };
