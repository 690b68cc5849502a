import { ipcMain, MessageChannelMain } from "electron";
import type { Wire } from "../../shared/contract/wire.ts";
import { isAppPage } from "./app-scheme.ts";
import { createPortWire } from "./port-wire.ts";

/** What a window asks with, and what it gets back, with a port. */
const CONNECT = "switchyard:connect";
const PORT = "switchyard:port";

/** Gives each page of ours that asks a wire of its own to the core. Only the top frame of our own page is heard. */
export function handOverPorts(connect: (wire: Wire) => void): void {
  ipcMain.on(CONNECT, (event) => {
    const frame = event.senderFrame;
    if (!frame || frame.parent || !isAppPage(frame.url)) return;
    const { port1, port2 } = new MessageChannelMain();
    connect(createPortWire(port1));
    frame.postMessage(PORT, null, [port2]);
  });
}
