import path from "node:path";
import { BrowserWindow, shell } from "electron";
import { APP_ORIGIN, isAppPage } from "./app-scheme.ts";
import { parseOutsideLink } from "./outside-link.ts";

/** Opens a window on our own page. It can go nowhere else, and what it wants to open goes to the system's browser or nowhere. */
export function openWindow(bundleDir: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    // Shown when there is something to see.
    show: false,
    autoHideMenuBar: true,
    backgroundColor: "#14161a",
    title: "Switchyard",
    webPreferences: {
      preload: path.join(bundleDir, "preload.cjs"),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    },
  });
  window.once("ready-to-show", () => window.show());

  const { webContents } = window;
  webContents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: "deny" };
  });
  webContents.on("will-navigate", (event, url) => {
    if (!isAppPage(url)) event.preventDefault();
  });
  webContents.on("will-attach-webview", (event) => event.preventDefault());
  window.loadURL(`${APP_ORIGIN}/index.html`).catch((error: unknown) => {
    // A window closed while it loads is no failure.
    if (!window.isDestroyed()) throw error;
  });
  return window;
}

function openOutside(address: string): void {
  const url = parseOutsideLink(address);
  // Nothing to do where the system has no program for it; the address can be copied from the window.
  if (url) shell.openExternal(url).catch(() => {});
}
