import { powerSaveBlocker } from "electron";
import type { CoreOptions } from "../core/start-core.ts";

type Hold = ReturnType<NonNullable<CoreOptions["keepAwake"]>>;

/** Keeps the machine awake, its screen may go dark. Chromium lets go by itself when the app dies. */
export function blockSleep(): Hold {
  const blocker = powerSaveBlocker.start("prevent-app-suspension");
  return {
    lost: new Promise(() => {}),
    async [Symbol.asyncDispose]() {
      powerSaveBlocker.stop(blocker);
    },
  };
}
