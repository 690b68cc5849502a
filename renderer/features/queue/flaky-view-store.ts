import { create } from "zustand";

/** Whether this window shows the list of flaky tests. */
export const useFlakyView = create<{ readonly isShown: boolean }>(() => ({ isShown: false }));

export function toggleFlakyTests(): void {
  useFlakyView.setState(({ isShown }) => ({ isShown: !isShown }));
}
