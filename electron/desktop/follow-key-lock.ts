import { ipcMain } from "electron";
import { KEY_LOCK } from "../../shared/contract/key-lock.ts";
import { isAppPage } from "./app-scheme.ts";

/** While a page sends every key to a terminal the menu takes none. Only the top frame of our own page is heard. */
export function followKeyLock(): void {
  ipcMain.on(KEY_LOCK, ({ sender, senderFrame: frame }, isLocked: unknown) => {
    if (!frame || frame.parent || !isAppPage(frame.url)) return;
    sender.setIgnoreMenuShortcuts(isLocked === true);
  });
}
