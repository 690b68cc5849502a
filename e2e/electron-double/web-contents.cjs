const { EventEmitter } = require("node:events");
const fs = require("node:fs");
const path = require("node:path");
const { decode, encode, preventable, strict } = require("./cloned-values.cjs");
const { appAddress, pageAddress } = require("./scheme-addresses.cjs");
const { world } = require("./world.cjs");

const PRELOAD_WORLD = "Electron Isolated Context";
const BINDING = "__electronDouble";

/** The page of one window: a tab of the shared Chromium, with the real preload in an isolated world. */
class WebContents extends EventEmitter {
  id = ++world.lastId;
  ignoresMenuShortcuts = false;
  /** What a port's page end receives: data, or the news that it was closed. */
  #ports = new Map();
  #window;
  #preload;
  #targetId = "";
  #url = "";
  #expected = "";
  #preloadContext = 0;
  #isDestroyed = false;
  #isLoading = false;
  #wasShown = false;
  /** @type {((details: object) => { action: string }) | undefined} */
  #openHandler;
  #opened;

  /**
   * @param {any} window
   * @param {{ preload?: string }} preferences
   */
  constructor(window, preferences) {
    super();
    this.#window = window;
    this.preferences = preferences;
    this.#preload = preferences.preload;
    this.#opened = this.#open();
  }

  /** @param {string} address */
  async loadURL(address) {
    await this.#opened;
    this.#url = address;
    this.#expected = pageAddress(address);
    this.#isLoading = true;
    const answer = await this.#send("Page.navigate", { url: this.#expected });
    if (answer.errorText) throw new Error(`${answer.errorText} loading '${address}'`);
  }

  /** @param {string} expression */
  async executeJavaScript(expression) {
    await this.#opened;
    const options = { expression, awaitPromise: true, returnByValue: true };
    return (await this.#send("Runtime.evaluate", options)).result.value;
  }

  /**
   * @param {string} channel
   * @param {unknown} message
   * @param {any[]} [transfer]
   */
  postMessage(channel, message, transfer = []) {
    const ports = transfer.map((port) => this.#movePort(port));
    this.#toPage({ kind: "message", channel, args: [structuredClone(message)], ports });
  }

  /**
   * @param {string} channel
   * @param {...unknown} args
   */
  send(channel, ...args) {
    this.#toPage({ kind: "message", channel, args: structuredClone(args), ports: [] });
  }

  /** @param {(details: object) => { action: string }} handler */
  setWindowOpenHandler(handler) {
    this.#openHandler = handler;
  }

  getURL() {
    return this.#url;
  }

  /** The double has no menu whose keys could be taken. @param {boolean} ignore */
  setIgnoreMenuShortcuts(ignore) {
    if (typeof ignore !== "boolean") throw new TypeError("Error processing argument at index 0");
    this.ignoresMenuShortcuts = ignore;
  }

  isLoading() {
    return this.#isLoading;
  }

  isDestroyed() {
    return this.#isDestroyed;
  }

  close() {
    this.#window.close();
  }

  get mainFrame() {
    return this.#frame();
  }

  /** Resolves when the tab is closed. */
  async destroy() {
    await this.#opened;
    await world.cdp?.send("Target.closeTarget", { targetId: this.#targetId }).catch(() => {});
    this.wasDestroyed();
  }

  wasDestroyed() {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    world.contentsByTarget.delete(this.#targetId);
    this.#dropPorts();
    this.emit("destroyed");
    this.#window.wasDestroyed();
  }

  /** @param {string} id */
  static fromDevToolsTargetId(id) {
    return world.contentsByTarget.get(id);
  }

  static getAllWebContents() {
    return [...world.contentsByTarget.values()];
  }

  async #open() {
    await world.app.whenReady();
    const { width = 800, height = 600 } = this.#window.options;
    const page = { url: "about:blank", newWindow: true, width, height };
    const { targetId } = await this.#browser.send("Target.createTarget", page);
    this.#targetId = targetId;
    world.contentsByTarget.set(targetId, this);
    const attach = { targetId, flatten: true };
    const { sessionId } = await this.#browser.send("Target.attachToTarget", attach);
    this.#send = (method, params) => this.#browser.send(method, params, sessionId);
    this.#listen(sessionId);
    await Promise.all([
      this.#send("Page.enable"),
      this.#send("Runtime.enable"),
      this.#send("Fetch.enable", { patterns: [{ urlPattern: "*" }] }),
      this.#send("Runtime.addBinding", { name: BINDING, executionContextName: PRELOAD_WORLD }),
    ]);
    await this.#injectPreload();
  }

  get #browser() {
    if (!world.cdp)
      throw new Error("electron-double: a window was opened before the app was ready");
    return world.cdp;
  }

  /** Set once the tab is there. @type {(method: string, params?: object) => Promise<any>} */
  #send = async () => {
    throw new Error("electron-double: the window has not been opened yet");
  };

  async #injectPreload() {
    const source = fs
      .readFileSync(path.join(__dirname, "page.js"), "utf8")
      .replace(/^\s*\/\/.*\n/gm, "")
      // It is an expression, which the formatter ends like a statement.
      .replace(/;\s*$/, "")
      .replace("ELECTRON_VERSION", world.version)
      .replace("NODE_PLATFORM", process.platform);
    const preload = this.#preload ? fs.readFileSync(this.#preload, "utf8") : "";
    const wrapped = `function (require, process) { const exports = {}, module = { exports };\n${preload}\n}`;
    await this.#send("Page.addScriptToEvaluateOnNewDocument", { source: `(${source})("main")` });
    await this.#send("Page.addScriptToEvaluateOnNewDocument", {
      worldName: PRELOAD_WORLD,
      source: `(${source})("preload", ${wrapped})`,
    });
  }

  /** @param {string} sessionId */
  #listen(sessionId) {
    /** @type {(method: string, listener: (params: any) => void) => void} */
    const on = (method, listener) => void this.#browser.on(`${sessionId}:${method}`, listener);
    on("Runtime.executionContextCreated", ({ context }) => {
      const isOurs = context.name === PRELOAD_WORLD && context.auxData.frameId === this.#targetId;
      if (isOurs) this.#preloadContext = context.id;
    });
    on("Runtime.bindingCalled", ({ payload }) => this.#fromPage(decode(payload)));
    on("Page.domContentEventFired", () => this.emit("dom-ready"));
    on("Page.loadEventFired", () => {
      this.#isLoading = false;
      this.emit("did-finish-load");
      if (!this.#wasShown) this.#window.emit("ready-to-show");
      this.#wasShown = true;
    });
    on("Page.frameNavigated", ({ frame }) => {
      if (frame.parentId) return;
      this.#url = appAddress(frame.url);
      this.#dropPorts();
      this.emit("did-navigate", {}, this.#url);
    });
    on("Page.javascriptDialogOpening", () => {
      this.#send("Page.handleJavaScriptDialog", { accept: true }).catch(() => {});
    });
    on("Fetch.requestPaused", (paused) => {
      this.#answerRequest(paused).catch((error) => {
        if (!this.#isDestroyed) console.error(error);
        const failure = { requestId: paused.requestId, errorReason: "Failed" };
        return this.#send("Fetch.failRequest", failure).catch(() => {});
      });
    });
  }

  /** Requests of the app's own scheme are answered by its own handler, and navigations are shown to its guards first. */
  async #answerRequest(/** @type {any} */ { requestId, request, resourceType, frameId }) {
    const url = appAddress(request.url);
    const isTopFrame = resourceType === "Document" && frameId === this.#targetId;
    if (isTopFrame && request.url !== this.#expected) {
      const { event, isPrevented } = preventable();
      this.emit("will-navigate", { ...event, url }, url);
      if (isPrevented()) {
        return this.#send("Fetch.failRequest", { requestId, errorReason: "Aborted" });
      }
    }
    const handler = world.schemes.get(new URL(url).protocol.slice(0, -1));
    if (!handler) return this.#send("Fetch.continueRequest", { requestId });
    const { method, headers, postData } = request;
    const response = await handler(new Request(url, { method, headers, body: postData ?? null }));
    return this.#send("Fetch.fulfillRequest", {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString("base64"),
    });
  }

  /** @param {object} message */
  #toPage(message) {
    const expression = `__electronDoubleReceive(${JSON.stringify(encode(message))})`;
    // A page that has gone meanwhile receives nothing, as in Electron.
    this.#send("Runtime.evaluate", { expression, contextId: this.#preloadContext }).catch(() => {});
  }

  /** @param {any} message */
  #fromPage(message) {
    switch (message.kind) {
      case "send": {
        const event = { sender: this, senderFrame: this.#frame(), ports: [] };
        return void world.ipcMain.emit(message.channel, event, ...message.args);
      }
      case "invoke":
        return void this.#answerInvoke(message);
      case "open":
        return void this.#openHandler?.({ url: message.url, disposition: "foreground-tab" });
      case "port":
        return void this.#ports.get(message.id)?.deliver(message.data);
      case "port-close":
        this.#ports.get(message.id)?.closed();
        return void this.#ports.delete(message.id);
      default:
        throw new Error(`electron-double: the page sent ${message.kind}`);
    }
  }

  async #answerInvoke(/** @type {any} */ { id, channel, args }) {
    try {
      const handler = world.invokeHandlers.get(channel);
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      const event = { sender: this, senderFrame: this.#frame() };
      this.#toPage({ kind: "reply", id, value: structuredClone(await handler(event, ...args)) });
    } catch (error) {
      const why = `Error invoking remote method '${channel}': ${error}`;
      this.#toPage({ kind: "reply", id, error: why });
    }
  }

  /** Moves one end of a channel into the page; what the page sends goes to the end that stayed. @param {any} port */
  #movePort(port) {
    port.id = `main-${++world.lastId}`;
    port.carry = (/** @type {object} */ message) => this.#toPage(message);
    this.#ports.set(port.id, port.peer);
    return port.id;
  }

  #dropPorts() {
    for (const port of this.#ports.values()) port.closed();
    this.#ports.clear();
  }

  #frame() {
    const origin = this.#url.split("/").slice(0, 3).join("/");
    return strict("WebFrameMain", {
      url: this.#url,
      origin,
      parent: null,
      top: null,
      send: this.send.bind(this),
      postMessage: this.postMessage.bind(this),
    });
  }
}

module.exports = { WebContents };
