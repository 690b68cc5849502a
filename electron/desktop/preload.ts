// The whole surface that the desktop shell shows to its page: one function without arguments.
import { contextBridge, ipcRenderer } from "electron";

// A preload runs in the page, whose globals the type settings of the other programs here rightly do not know.
const page = globalThis as unknown as {
  readonly location: { readonly origin: string };
  postMessage(message: string, origin: string, ports: readonly unknown[]): void;
};

ipcRenderer.on("switchyard:port", (event) => {
  page.postMessage("switchyard:port", page.location.origin, event.ports);
});
contextBridge.exposeInMainWorld("desktop", {
  connect: () => ipcRenderer.send("switchyard:connect"),
});
