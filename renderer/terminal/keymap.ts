import { create } from "zustand";
import { KEY_LOCK } from "../../shared/contract/key-lock.ts";
import { KEY_ACTION_NAMES, type KeyAction } from "../../shared/model/key-actions.ts";
import type { KeyConflict } from "../../shared/model/key-conflict.ts";
import { planKeys } from "../../shared/model/plan-keys.ts";
import type { AppClient } from "../client/connection.ts";
import { toastError } from "../ui/toasts.tsx";
import { isAppKey } from "./app-keys.ts";
import { type KeyPress, matchesKeys } from "./key-match.ts";

interface Keymap {
  /** By action; null: it has none. */
  readonly keys: Readonly<Record<KeyAction, string | null>>;
  readonly conflicts: readonly KeyConflict[];
  /** Where a person can give others; null until the core said so. */
  readonly file: string | null;
  /** What is wrong with that file. */
  readonly problem: string | null;
  /** Every key goes to the terminal that has the focus, but those that end this. */
  readonly isLocked: boolean;
}

const isMac = typeof navigator !== "undefined" && navigator.platform.startsWith("Mac");

/** The keys in force in this window. */
export const useKeymap = create<Keymap>(() => ({
  ...planKeys({}),
  file: null,
  problem: null,
  isLocked: false,
}));

/** Spread into what has keys. */
export function keysOf(action: KeyAction): { readonly keys?: string } {
  const keys = useKeymap.getState().keys[action];
  return keys === null ? {} : { keys };
}

/** Asks the core for them anew; a file that has gone wrong is told once. */
export async function loadKeymap(client: Pick<AppClient, "call">): Promise<void> {
  const { keys, conflicts, file, problem } = await client.call("window.keys", {});
  const before = useKeymap.getState();
  // A page that was loaded again has forgotten that it was locked.
  tellShell(before.isLocked);
  if (problem !== null && problem !== before.problem) toastError(new Error(problem));
  const known = KEY_ACTION_NAMES.map((action) => [action, keys[action] ?? null] as const);
  // Every name is mapped.
  const all = Object.fromEntries(known) as Keymap["keys"];
  useKeymap.setState({ keys: all, conflicts, file, problem });
}

export function setLocked(isLocked: boolean): void {
  useKeymap.setState({ isLocked });
  tellShell(isLocked);
}

/** Only the desktop shell listens, whose menu has keys of its own. */
function tellShell(isLocked: boolean): void {
  window.postMessage({ type: KEY_LOCK, order: isLocked }, location.origin);
}

/** Whether a press in a terminal is the app's and not the program's. */
export function isForApp(press: KeyPress): boolean {
  const { keys, isLocked } = useKeymap.getState();
  const isOf = (spelled: string | null) => spelled !== null && matchesKeys(press, spelled, isMac);
  if (isLocked) return isOf(keys.lock);
  // A bare sign is typed, whatever it does elsewhere.
  return (
    isAppKey(press, isMac) ||
    Object.values(keys).some((each) => each?.[1] !== undefined && isOf(each))
  );
}
