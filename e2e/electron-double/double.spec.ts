import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  _electron,
  test as base,
  type ElectronApplication,
  expect,
  type Page,
} from "@playwright/test";

// The double must fail where Electron fails: a stand-in that lets more through would hide faults.

const preload = `
  const { contextBridge, ipcRenderer } = require("electron");
  ipcRenderer.on("port", (event) => window.postMessage("port", location.origin, event.ports));
  contextBridge.exposeInMainWorld("bridge", {
    ask: (question) => ipcRenderer.invoke("ask", question),
    askForPort: () => ipcRenderer.send("port"),
    sendFunction: () => ipcRenderer.send("port", () => {}),
    loadModule: (name) => typeof require(name),
  });
`;

const main = `
  const { app, BrowserWindow, ipcMain, MessageChannelMain, protocol } = require("electron");
  protocol.registerSchemesAsPrivileged([{ scheme: "app", privileges: { standard: true } }]);
  ipcMain.handle("ask", (_event, question) => {
    if (question === "fail") throw new Error("no");
    return { question, bytes: new Uint8Array([0, 255]) };
  });
  ipcMain.on("port", (event) => {
    const { port1, port2 } = new MessageChannelMain();
    port1.on("message", ({ data }) => port1.postMessage(data));
    port1.on("close", () => { globalThis.portsClosed = (globalThis.portsClosed ?? 0) + 1; });
    port1.start();
    event.senderFrame.postMessage("port", null, [port2]);
  });
  app.whenReady().then(() => {
    const html = { headers: { "content-type": "text/html" } };
    protocol.handle("app", (request) => new Response("<title>" + request.url + "</title>", html));
    const window = new BrowserWindow({
      show: false,
      webPreferences: { preload: __dirname + "/preload.cjs" },
    });
    window.once("ready-to-show", () => window.show());
    window.loadURL("app://bundle/index.html");
  });
  app.on("window-all-closed", () => app.quit());
`;

const test = base.extend<{ app: { electron: ElectronApplication; page: Page } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern.
  app: async ({}, use) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "sy-double-"));
    const [home, appFolder] = [path.join(folder, "home"), path.join(folder, "app")];
    for (const made of [home, appFolder]) mkdirSync(made);
    writeFileSync(path.join(appFolder, "package.json"), JSON.stringify({ main: "main.cjs" }));
    writeFileSync(path.join(appFolder, "main.cjs"), main);
    writeFileSync(path.join(appFolder, "preload.cjs"), preload);
    const electron = await _electron.launch({
      executablePath: path.join(import.meta.dirname, "electron"),
      args: [appFolder],
      env: { ...process.env, TMPDIR: home } as Record<string, string>,
    });
    try {
      const page = await electron.firstWindow();
      // A window begins with an empty page.
      await expect(page).toHaveTitle("app://bundle/index.html");
      await use({ electron, page });
    } finally {
      await electron.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
});

/** What the preload above puts on the page. */
interface Bridge {
  ask(question: string): Promise<{ question: string; bytes: Uint8Array }>;
  askForPort(): void;
  sendFunction(): void;
  loadModule(name: string): string;
}
declare global {
  interface Window {
    bridge: Bridge;
  }
}

test("serves the app's scheme, and shows its window when it is ready", async ({ app }) => {
  const window = await app.electron.browserWindow(app.page);
  await expect.poll(() => window.evaluate((shown) => shown.isVisible())).toBe(true);
});

test("answers calls with clones, bytes included", async ({ app: { page } }) => {
  const answer = await page.evaluate(async () => {
    const { question, bytes } = await window.bridge.ask("why");
    return { question, bytes: [...bytes], isBytes: bytes instanceof Uint8Array };
  });
  expect(answer).toEqual({ question: "why", bytes: [0, 255], isBytes: true });
  const failure = page.evaluate(() => window.bridge.ask("fail"));
  await expect(failure).rejects.toThrow("Error invoking remote method 'ask': Error: no");
});

test("refuses to send a function, as Electron does", async ({ app: { page } }) => {
  const sending = page.evaluate(() => window.bridge.sendFunction());
  await expect(sending).rejects.toThrow("An object could not be cloned.");
});

test("gives a sandboxed preload no module but electron", async ({ app: { page } }) => {
  const loading = page.evaluate(() => window.bridge.loadModule("node:fs"));
  await expect(loading).rejects.toThrow("module not found: node:fs");
  expect(await page.evaluate(() => "ipcRenderer" in window || "require" in window)).toBe(false);
});

test("hands over ports that carry bytes, and close with their page", async ({ app }) => {
  const echoed = await app.page.evaluate(async () => {
    const offered = new Promise<MessagePort>((resolve) => {
      window.addEventListener("message", (event) => {
        const [port] = event.ports;
        if (event.data === "port" && port) resolve(port);
      });
    });
    window.bridge.askForPort();
    const port = await offered;
    const answer = new Promise<Uint8Array>((resolve) => {
      port.onmessage = (event) => resolve(event.data);
    });
    port.postMessage(new Uint8Array([7, 200]));
    return [...(await answer)];
  });
  expect(echoed).toEqual([7, 200]);
  await app.page.reload();
  await expect
    .poll(() => app.electron.evaluate(() => (globalThis as { portsClosed?: number }).portsClosed))
    .toBe(1);
});

test("shows notifications with buttons, whose presses are events, and no other kind of action", async ({
  app: { electron },
}) => {
  const pressed = await electron.evaluate(({ Notification }) => {
    const notification = new Notification({ actions: [{ type: "button", text: "No" }] });
    const heard: number[] = [];
    notification.on("action", ({ actionIndex }) => heard.push(actionIndex));
    notification.show();
    notification.emit("action", { actionIndex: 0, selectionIndex: -1 });
    return { heard, texts: notification.actions.map(({ text }) => text) };
  });
  expect(pressed).toEqual({ heard: [0], texts: ["No"] });
  const choosing = electron.evaluate(
    ({ Notification }) => new Notification({ actions: [{ type: "selection" }] }),
  );
  await expect(choosing).rejects.toThrow("actions of type selection are not implemented");
});

test("has a tray for pictures of its own, with what this system has of it", async ({
  app: { electron },
}) => {
  const shown = await electron.evaluate(({ Menu, nativeImage, Tray }) => {
    const png =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const image = nativeImage.createEmpty();
    image.addRepresentation({ scaleFactor: 2, dataURL: "data:image/png;base64,bm8=" });
    const isEmpty = image.isEmpty();
    image.addRepresentation({ scaleFactor: 2, dataURL: `data:image/png;base64,${png}` });
    const tray = new Tray(image);
    tray.setToolTip("Two wait");
    let heard = 0;
    tray.on("click", () => {
      heard += 1;
    });
    tray.emit("click");
    const [item] = Menu.buildFromTemplate([
      {
        label: "Open",
        click: () => {
          heard += 10;
        },
      },
    ]).items;
    item?.click();
    let isTitled = true;
    try {
      tray.setTitle("2");
    } catch {
      isTitled = false;
    }
    tray.destroy();
    return { isEmpty, size: image.getSize(2), heard, isTitled, isDestroyed: tray.isDestroyed() };
  });
  expect(shown).toEqual({
    isTitled: process.platform === "darwin",
    isEmpty: true,
    size: { width: 0.5, height: 0.5 },
    heard: 11,
    isDestroyed: true,
  });
  const naming = electron.evaluate(({ nativeImage, Tray }) => new Tray(nativeImage.createEmpty()));
  await expect(naming).rejects.toThrow("from an empty picture");
});

test("throws for what it does not have", async ({ app: { electron } }) => {
  const using = electron.evaluate(({ powerMonitor }) => typeof powerMonitor);
  await expect(using).rejects.toThrow("electron-double: electron.powerMonitor is not implemented");
});
