import type { MessagePortMain } from "electron";
import type { Wire } from "../../shared/contract/wire.ts";

/** The core's end of a window's port. */
export function createPortWire(port: MessagePortMain): Wire {
  let isClosed = false;
  port.on("close", () => {
    isClosed = true;
  });
  return {
    send: (frame) => port.postMessage(frame),
    onFrame(listener) {
      // Only our preload's page holds the other end, and the contract checks every frame.
      port.on("message", (event) => listener(event.data as string | Uint8Array));
      port.start();
    },
    onClose(listener) {
      if (isClosed) listener();
      else port.once("close", () => listener());
    },
    close: () => port.close(),
  };
}
