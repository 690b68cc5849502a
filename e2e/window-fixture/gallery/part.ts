import type { ReactNode } from "react";

/** A part of renderer/ui: the exported component it is, and every state it can be in. */
export interface Part {
  readonly name: string;
  readonly states: readonly State[];
  /** Needs a line of its own for each state. */
  readonly isWide?: boolean;
}

interface State {
  readonly title: string;
  readonly drawn: ReactNode;
}

export const state = (title: string, drawn: ReactNode): State => ({ title, drawn });

/** Whole, because a union of the part's is its keys: a state that is added there is missing here until it is drawn. */
export function keysOf<Key extends string>(all: Readonly<Record<Key, true>>): readonly Key[] {
  // An object literal of exactly these keys.
  return Object.keys(all) as Key[];
}
