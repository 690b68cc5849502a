const { EventEmitter } = require("node:events");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { preventable, strict } = require("./cloned-values.cjs");
const { world } = require("./world.cjs");

/** @type {PromiseWithResolvers<object>} */
const ready = Promise.withResolvers();
const folders = new Map();

const app = strict(
  "app",
  Object.assign(new EventEmitter(), {
    isPackaged: false,
    name: "Switchyard",
    dock: undefined,
    commandLine: strict("commandLine", {
      /** @type {(name: string, value?: string) => void} */
      appendSwitch: (name, value) =>
        void world.switches.push(`--${name}${value ? `=${value}` : ""}`),
    }),
    whenReady: () => ready.promise,
    isReady: () => world.cdp !== undefined,
    becomeReady() {
      ready.resolve({});
      app.emit("ready", {}, {});
    },
    getName: () => "Switchyard",
    getVersion: () => "0.0.0",
    getAppPath: () => process.cwd(),
    getLocale: () => "en-US",
    getPath(/** @type {string} */ name) {
      const usual =
        name === "home" ? os.homedir() : path.join(os.tmpdir(), `double-${process.pid}`, name);
      const folder = folders.get(name) ?? usual;
      fs.mkdirSync(folder, { recursive: true });
      return folder;
    },
    setPath: (/** @type {string} */ name, /** @type {string} */ folder) =>
      void folders.set(name, folder),
    enableSandbox() {},
    requestSingleInstanceLock: () => true,
    focus() {},
    quit() {
      const { event, isPrevented } = preventable();
      app.emit("before-quit", event);
      if (isPrevented()) return;
      app.emit("will-quit", { preventDefault() {} });
      app.exit(0);
    },
    exit(code = 0) {
      app.emit("quit", {}, code);
      process.exit(code);
    },
  }),
);
world.app = app;

module.exports = { app };
