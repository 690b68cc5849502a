import {
  canonKeys,
  KEY_ACTION_NAMES,
  KEY_ACTIONS,
  type KeyAction,
  type KeyFile,
} from "./key-actions.ts";
import type { KeyConflict } from "./key-conflict.ts";

/** The keys of every action, and where two wanted the same. */
export interface KeyPlan {
  readonly keys: Readonly<Record<KeyAction, string | null>>;
  readonly conflicts: readonly KeyConflict[];
}

/** What the file gives goes before what an action has by itself; among equals the order of the actions decides. */
export function planKeys(given: NonNullable<KeyFile["keys"]>): KeyPlan {
  const wanted = KEY_ACTION_NAMES.map((action) => {
    const own = given[action];
    const keys = own === "none" ? null : (own ?? KEY_ACTIONS[action][1]);
    return { action, isGiven: own !== undefined, keys: keys === null ? null : canonKeys(keys) };
  });
  const byRank = [
    ...wanted.filter(({ isGiven }) => isGiven),
    ...wanted.filter((each) => !each.isGiven),
  ];
  const holders = new Map<string, KeyAction>();
  const losers = new Map<string, KeyAction[]>();
  for (const { action, keys } of byRank) {
    if (keys === null) continue;
    if (holders.has(keys)) losers.set(keys, [...(losers.get(keys) ?? []), action]);
    else holders.set(keys, action);
  }
  const keysOf = (action: KeyAction) =>
    [...holders].find(([, holder]) => holder === action)?.[0] ?? null;
  return {
    // Every name is mapped.
    keys: Object.fromEntries(
      KEY_ACTION_NAMES.map((action) => [action, keysOf(action)]),
    ) as KeyPlan["keys"],
    conflicts: [...losers].map(([keys, loses]) => ({
      keys,
      wins: holders.get(keys) ?? "",
      loses,
    })),
  };
}
