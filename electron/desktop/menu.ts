import { Menu, type MenuItemConstructorOptions } from "electron";

/**
 * The application menu. On Windows and Linux every key of its own has Shift: plain Ctrl and a letter belong to the terminal that
 * has the focus.
 */
export function setAppMenu(isPackaged: boolean, openWindow: () => void): void {
  const isMac = process.platform === "darwin";
  const key = (letter: string) => (isMac ? `Cmd+${letter}` : `Ctrl+Shift+${letter}`);
  const view: MenuItemConstructorOptions[] = [
    { role: "resetZoom", accelerator: "CmdOrCtrl+0" },
    { role: "zoomIn", accelerator: "CmdOrCtrl+Plus" },
    { role: "zoomOut", accelerator: "CmdOrCtrl+-" },
    { type: "separator" },
    { role: "togglefullscreen" },
  ];
  if (!isPackaged) view.push({ role: "toggleDevTools", accelerator: key("I") });

  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ role: "appMenu" } as const] : []),
      {
        label: "File",
        submenu: [
          { id: "new-window", label: "New Window", click: openWindow },
          { role: "close", accelerator: key("W") },
          ...(isMac ? [] : [{ role: "quit", accelerator: key("Q") } as const]),
        ],
      },
      // On macOS copy and paste work through the menu only; elsewhere its keys would be taken from the terminal.
      ...(isMac ? [{ role: "editMenu" } as const] : []),
      { label: "View", submenu: view },
    ]),
  );
}
