import { create } from "zustand";

/** Whether this window shows the matrix of conflicts to come. */
export const useForecastView = create<{ readonly isShown: boolean }>(() => ({ isShown: false }));

export function toggleForecast(): void {
  useForecastView.setState(({ isShown }) => ({ isShown: !isShown }));
}
