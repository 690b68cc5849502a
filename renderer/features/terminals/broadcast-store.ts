import { create } from "zustand";
import type { SessionId } from "../../../shared/model/ids.ts";

interface BroadcastView {
  readonly isOpen: boolean;
  /** Whom the person left out. */
  readonly leftOut: readonly SessionId[];
  /** Whom a message would reach now: their panes have a frame. */
  readonly receivers: readonly SessionId[];
}

/** Whether this window writes to several terminals, and to which. */
export const useBroadcast = create<BroadcastView>(() => ({
  isOpen: false,
  leftOut: [],
  receivers: [],
}));

/** Each time begins with all that are in view. */
export function openBroadcast(isOpen: boolean): void {
  useBroadcast.setState({ isOpen, leftOut: [], receivers: [] });
}

export function chooseReceiver(session: SessionId, isChosen: boolean): void {
  useBroadcast.setState(({ leftOut }) => ({
    leftOut: isChosen ? leftOut.filter((id) => id !== session) : [...leftOut, session],
  }));
}

export function frameReceivers(receivers: readonly SessionId[]): void {
  useBroadcast.setState({ receivers });
}
