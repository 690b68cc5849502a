// The whole surface that the desktop shell shows to its page: one function without arguments, and one message that is heard.
import { contextBridge, ipcRenderer } from "electron";

// A preload runs in the page, whose globals the type settings of the other programs here rightly do not know.
const page = globalThis as unknown as {
  readonly location: { readonly origin: string };
  postMessage(message: string, origin: string, ports: readonly unknown[]): void;
  addEventListener(
    type: "message",
    listener: (event: { readonly source: unknown; readonly data: unknown }) => void,
  ): void;
};

ipcRenderer.on("switchyard:port", (event) => {
  page.postMessage("switchyard:port", page.location.origin, event.ports);
});
page.addEventListener("message", ({ source, data }) => {
  if (source === globalThis && data === "switchyard:raise") ipcRenderer.send("switchyard:raise");
});
contextBridge.exposeInMainWorld("desktop", {
  connect: () => ipcRenderer.send("switchyard:connect"),
});
