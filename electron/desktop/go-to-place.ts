import { BrowserWindow } from "electron";
import { GO, type WindowPlace } from "../../shared/contract/window-place.ts";
import { raiseWindow } from "./raise-windows.ts";

/** Shows the person a place in the window they used last, or in a new one where there is none. */
export function goToPlace(place: WindowPlace, open: () => BrowserWindow): void {
  const there = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { webContents } = there ?? open();
  if (there) raiseWindow(there);
  const tell = () => webContents.send(GO, place);
  // A page that loads listens when it has loaded.
  if (there && !webContents.isLoading()) tell();
  else webContents.once("did-finish-load", tell);
}
