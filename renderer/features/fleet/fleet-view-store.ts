import { create } from "zustand";

interface FleetView {
  readonly isAsking: boolean;
  /** What lets everything go on is to have the focus. */
  readonly isResumeWanted: boolean;
}

/** What this window shows of the fleet as a whole. */
export const useFleetView = create<FleetView>(() => ({
  isAsking: false,
  isResumeWanted: false,
}));

/** Asks whether everything is to be stopped, or asks no more. */
export function askForHalt(isAsking: boolean): void {
  useFleetView.setState({ isAsking });
}

export function wantResume(isResumeWanted: boolean): void {
  useFleetView.setState({ isResumeWanted });
}
