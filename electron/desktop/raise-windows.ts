import { BrowserWindow, ipcMain } from "electron";
import { isAppPage } from "./app-scheme.ts";

/** What a page says when a person has pressed one of its notifications: a page alone cannot bring back a minimised window. */
const RAISE = "switchyard:raise";

/** Brings a window before the person's eyes when its own page asks. Only the top frame of our own page is heard. */
export function raiseWindows(): void {
  ipcMain.on(RAISE, ({ sender, senderFrame: frame }) => {
    if (!frame || frame.parent || !isAppPage(frame.url)) return;
    const window = BrowserWindow.fromWebContents(sender);
    if (window) raiseWindow(window);
  });
}

export function raiseWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
