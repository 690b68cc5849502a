import { create } from "zustand";

const KEY = "switchyard.capacity";

/** Whether this window shows the whole of each profile's capacity; kept with the window. */
export const useCapacity = create<{ readonly isExpanded: boolean }>(() => ({
  isExpanded: globalThis.localStorage?.getItem(KEY) === "expanded",
}));

export function expandCapacity(isExpanded: boolean): void {
  useCapacity.setState({ isExpanded });
  localStorage.setItem(KEY, isExpanded ? "expanded" : "compact");
}
