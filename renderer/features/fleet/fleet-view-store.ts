import { create } from "zustand";

interface FleetView {
  readonly isAsking: boolean;
}

/** What this window shows of the fleet as a whole. */
export const useFleetView = create<FleetView>(() => ({ isAsking: false }));

/** Asks whether everything is to be stopped, or asks no more. */
export function askForHalt(isAsking: boolean): void {
  useFleetView.setState({ isAsking });
}
