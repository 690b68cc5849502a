import { useState } from "react";
import { toastError } from "./toasts.tsx";

/** Runs an action that may fail: it is busy meanwhile, and a failure is shown. The action's own `await`s carry on only on success. */
export function useAction(): {
  readonly isBusy: boolean;
  readonly run: (action: () => Promise<unknown>) => void;
} {
  const [running, setRunning] = useState(0);
  const run = (action: () => Promise<unknown>) => {
    setRunning((count) => count + 1);
    void action()
      .catch(toastError)
      .finally(() => setRunning((count) => count - 1));
  };
  return { isBusy: running > 0, run };
}

/** The same outside of a component. */
export function act(action: () => Promise<unknown>): void {
  void action().catch(toastError);
}
