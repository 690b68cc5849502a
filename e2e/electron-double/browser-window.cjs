const { EventEmitter } = require("node:events");
const { preventable } = require("./cloned-values.cjs");
const { WebContents } = require("./web-contents.cjs");
const { world } = require("./world.cjs");

class BrowserWindow extends EventEmitter {
  #isVisible;
  #title;

  /** @param {any} options */
  constructor(options = {}) {
    super();
    this.options = options;
    this.#isVisible = options.show !== false;
    this.#title = options.title ?? "";
    this.webContents = new WebContents(this, options.webPreferences ?? {});
    this.id = this.webContents.id;
    world.windows.add(this);
  }

  /** @param {string} address */
  loadURL(address) {
    return this.webContents.loadURL(address);
  }

  show() {
    this.#isVisible = true;
    this.emit("show");
  }

  hide() {
    this.#isVisible = false;
    this.emit("hide");
  }

  focus() {
    this.emit("focus");
  }

  restore() {}

  isVisible() {
    return this.#isVisible;
  }

  isMinimized() {
    return false;
  }

  isFocused() {
    return true;
  }

  isDestroyed() {
    return this.webContents.isDestroyed();
  }

  getTitle() {
    return this.#title;
  }

  /** @param {string} title */
  setTitle(title) {
    this.#title = title;
  }

  getBounds() {
    return { x: 0, y: 0, width: this.options.width ?? 800, height: this.options.height ?? 600 };
  }

  close() {
    const { event, isPrevented } = preventable();
    this.emit("close", event);
    if (!isPrevented()) this.destroy();
  }

  destroy() {
    void this.webContents.destroy();
  }

  wasDestroyed() {
    world.windows.delete(this);
    this.emit("closed");
    if (world.windows.size > 0) return;
    // With nobody listening, Electron quits by itself.
    if (!world.app.emit("window-all-closed")) world.app.quit();
  }

  static getAllWindows() {
    return [...world.windows];
  }

  /** @param {any} contents */
  static fromWebContents(contents) {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  /** @param {number} id */
  static fromId(id) {
    return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null;
  }

  static getFocusedWindow() {
    return BrowserWindow.getAllWindows().at(-1) ?? null;
  }
}

module.exports = { BrowserWindow };
