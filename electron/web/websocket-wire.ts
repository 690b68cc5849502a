import type { RawData, WebSocket } from "ws";
import type { Wire } from "../../shared/contract/wire.ts";

/** The close code for "this peer broke the rules". */
const POLICY_VIOLATION = 1008;

export function createWebSocketWire(socket: WebSocket): Wire {
  // An error is always followed by a close, which is what the wire tells; unheard, it would end the process.
  socket.on("error", () => {});
  return {
    send(frame) {
      if (socket.readyState === socket.OPEN) socket.send(frame);
    },
    onFrame: (listener) =>
      void socket.on("message", (message, isBinary) =>
        listener(isBinary ? toBytes(message) : message.toString()),
      ),
    onClose(listener) {
      if (socket.readyState === socket.CLOSED) listener();
      else socket.once("close", () => listener());
    },
    close: () => socket.close(POLICY_VIOLATION),
  };
}

function toBytes(message: RawData): Uint8Array {
  if (Array.isArray(message)) return new Uint8Array(Buffer.concat(message));
  return new Uint8Array(message);
}
