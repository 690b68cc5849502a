// What `require("electron")` answers with, in the main process of the double.
const { EventEmitter } = require("node:events");
const { app } = require("./app.cjs");
const { BrowserWindow } = require("./browser-window.cjs");
const { strict } = require("./cloned-values.cjs");
const { MessageChannelMain } = require("./message-port.cjs");
const { nativeImage, Tray } = require("./tray.cjs");
const { WebContents } = require("./web-contents.cjs");
const { world } = require("./world.cjs");

const ipcMain = Object.assign(world.ipcMain, {
  /** @type {(channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) => void} */
  handle(channel, handler) {
    if (world.invokeHandlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    world.invokeHandlers.set(channel, handler);
  },
  removeHandler: (/** @type {string} */ channel) => void world.invokeHandlers.delete(channel),
});

const protocol = strict("protocol", {
  /** @type {(schemes: readonly { scheme: string }[]) => void} */
  registerSchemesAsPrivileged(schemes) {
    if (app.isReady())
      throw new Error("protocol.registerSchemesAsPrivileged must be called before ready");
    for (const { scheme } of schemes) world.schemes.set(scheme, null);
  },
  /** @type {(scheme: string, handler: (request: Request) => Promise<Response>) => void} */
  handle: (scheme, handler) => void world.schemes.set(scheme, handler),
});

/** Kept as they were set: a test asks them what Chromium would. @type {Record<string, unknown>} */
const permissionHandlers = {};
/** @param {string} name */
const keep = (name) => (/** @type {unknown} */ handler) => {
  permissionHandlers[name] = handler;
};
const session = {
  defaultSession: strict("session", {
    protocol,
    permissionHandlers,
    setPermissionRequestHandler: keep("request"),
    setPermissionCheckHandler: keep("check"),
    setDevicePermissionHandler: keep("device"),
  }),
};

class Menu {
  /** @type {any[]} */
  items = [];
  /** @type {Menu | null} */
  static current = null;

  /** @param {Menu | null} menu */
  static setApplicationMenu(menu) {
    Menu.current = menu;
  }

  static getApplicationMenu() {
    return Menu.current;
  }

  /** @param {readonly any[]} template */
  static buildFromTemplate(template) {
    const menu = new Menu();
    menu.items = template.map((item) => ({
      ...item,
      submenu: Array.isArray(item.submenu) ? Menu.buildFromTemplate(item.submenu) : item.submenu,
    }));
    return menu;
  }

  /**
   * @param {string} id
   * @returns {any}
   */
  getMenuItemById(id) {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}

const dialog = strict("dialog", {
  showErrorBox(/** @type {string} */ title, /** @type {string} */ content) {
    process.stderr.write(`${title}: ${content}\n`);
  },
});
/** @type {Set<number>} */
const blockers = new Set();
let lastBlocker = 0;
const powerSaveBlocker = strict("powerSaveBlocker", {
  start(/** @type {string} */ type) {
    if (type !== "prevent-app-suspension" && type !== "prevent-display-sleep")
      throw new TypeError(`powerSaveBlocker knows no ${type}`);
    blockers.add(++lastBlocker);
    return lastBlocker;
  },
  stop: (/** @type {number} */ id) => blockers.delete(id),
  isStarted: (/** @type {number} */ id) => blockers.has(id),
});
/** As on a system that shows notifications with buttons and a field for an answer. What a person does is an event, as in Electron. */
class Notification extends EventEmitter {
  static isSupported() {
    return true;
  }

  /** @param {{ title?: string, body?: string, actions?: readonly { type: "button", text?: string }[], hasReply?: boolean, replyPlaceholder?: string }} options */
  constructor({ title = "", body = "", actions = [], hasReply = false, replyPlaceholder = "" }) {
    super();
    if (!app.isReady()) throw new Error("Cannot create Notification before app is ready");
    for (const { type } of actions) {
      if (type !== "button")
        throw new Error(`electron-double: actions of type ${type} are not implemented`);
    }
    Object.assign(this, { title, body, actions, hasReply, replyPlaceholder });
  }

  show() {
    this.emit("show", {});
  }

  close() {
    this.emit("close", {});
  }
}
const shell = strict("shell", { openExternal: async () => {} });

module.exports = strict("electron", {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  Notification,
  powerSaveBlocker,
  protocol,
  session,
  shell,
  Tray,
  webContents: WebContents,
});
