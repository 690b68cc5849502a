// The whole surface that the desktop shell shows to its page: one function without arguments, and three messages that are heard.
import { contextBridge, ipcRenderer } from "electron";
import { KEY_LOCK } from "../../shared/contract/key-lock.ts";
import { NOTICE, NOTICE_PRESSED } from "../../shared/contract/notice-names.ts";
import { GO } from "../../shared/contract/window-place.ts";

// A preload runs in the page, whose globals the type settings of the other programs here rightly do not know.
const page = globalThis as unknown as {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, origin: string, ports: readonly unknown[]): void;
  addEventListener(
    type: "message",
    listener: (event: { readonly source: unknown; readonly data: unknown }) => void,
  ): void;
};

ipcRenderer.on("switchyard:port", (event) => {
  page.postMessage("switchyard:port", page.location.origin, event.ports);
});
ipcRenderer.on(NOTICE_PRESSED, (_event, pressed) => {
  page.postMessage({ type: NOTICE_PRESSED, pressed }, page.location.origin, []);
});
ipcRenderer.on(GO, (_event, place) => {
  page.postMessage({ type: GO, place }, page.location.origin, []);
});
page.addEventListener("message", ({ source, data }) => {
  if (source !== globalThis) return;
  if (data === "switchyard:raise") ipcRenderer.send("switchyard:raise");
  else if (isOf(NOTICE, data)) ipcRenderer.send(NOTICE, data.order);
  else if (isOf(KEY_LOCK, data)) ipcRenderer.send(KEY_LOCK, data.order);
});
contextBridge.exposeInMainWorld("desktop", {
  connect: () => ipcRenderer.send("switchyard:connect"),
});

/** What is in it is judged by the shell. */
function isOf(
  type: string,
  data: unknown,
): data is { readonly type: string; readonly order: unknown } {
  return (
    typeof data === "object" &&
    data !== null &&
    "type" in data &&
    data.type === type &&
    "order" in data
  );
}
