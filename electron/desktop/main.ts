// The desktop shell: Electron around the core, and nothing else.
import path from "node:path";
import { parseArgs } from "node:util";
import { app, BrowserWindow, dialog } from "electron";
import { toErrorShape } from "../../shared/model/switchyard-error.ts";
import { resolveHome } from "../core/base/data-folder.ts";
import { outliveFullDisk } from "../core/base/outlive-full-disk.ts";
import { locatePrograms } from "../core/gateway/locate-programs.ts";
import { declareAppScheme, serveAppScheme } from "./app-scheme.ts";
import { findCore } from "./find-core.ts";
import { followKeyLock } from "./follow-key-lock.ts";
import { goToPlace } from "./go-to-place.ts";
import { guardSession } from "./guard-session.ts";
import { handOverPorts } from "./hand-over-ports.ts";
import { setAppMenu } from "./menu.ts";
import { raiseWindows } from "./raise-windows.ts";
import { showNotices } from "./show-notices.ts";
import { AppTray } from "./tray.ts";
import { openWindow } from "./window.ts";

const bundleDir = import.meta.dirname;
const home = resolveHome({ home: readHomeOption(), env: process.env });

app.enableSandbox();
declareAppScheme();
// Chromium's own files, and with them the lock that keeps it to one app, belong to the data folder.
app.setPath("userData", path.join(home, "window"));

if (app.requestSingleInstanceLock()) {
  outliveFullDisk((error) => process.stderr.write(`${error.message}\n`));
  run().catch((error: unknown) => {
    const { message, hint } = toErrorShape(error);
    process.stderr.write(`${message}\n`);
    dialog.showErrorBox(
      "Switchyard cannot start",
      hint === null ? message : `${message}\n\n${hint}`,
    );
    app.exit(1);
  });
} else {
  // The app that runs already opens a window.
  app.quit();
}

async function run(): Promise<void> {
  await app.whenReady();
  const programs = locatePrograms(bundleDir);
  const core = await findCore(home, programs);
  endWithCore(() => core.dispose());
  void core.stopAsked.then(() => app.quit());

  guardSession();
  serveAppScheme(programs.rendererDir);
  const open = () => openWindow(bundleDir);
  const tray = new AppTray(
    (wire) => core.connect(wire),
    (place) => goToPlace(place, open),
  );
  handOverPorts((wire) => {
    core.connect(wire);
    // A page asks anew when the core it had is gone; so the tray finds the next one as soon as a window does.
    tray.follow();
  });
  raiseWindows();
  followKeyLock();
  showNotices();
  setAppMenu(app.isPackaged, open);
  app.on("second-instance", open);
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  open();
  await core.recovered;
}

/** Quitting waits until the core has written what it has to; sessions go on in the terminal host. */
function endWithCore(dispose: () => Promise<void>): void {
  let isEnding = false;
  app.on("before-quit", (event) => {
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    dispose().then(
      () => app.exit(0),
      (error: unknown) => {
        process.stderr.write(`${toErrorShape(error).message}\n`);
        app.exit(1);
      },
    );
  });
}

/** Chromium's own switches are in the same list, so only ours is looked for. */
function readHomeOption(): string | undefined {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    options: { home: { type: "string" } },
    strict: false,
  });
  return typeof values.home === "string" ? values.home : undefined;
}
