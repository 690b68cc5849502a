// A stand-in for the Electron executable, for tests where the real one cannot be had. It runs the REAL compiled main and preload
// files: main on Node, each window in a real Chromium driven over its debugging pipe. Command line and first lines on standard
// error are Electron's, so Playwright's `_electron.launch()` works unchanged. It proves the wiring of the two files and nothing
// about Electron itself: menus, dialogs, tray, sandbox, fuses. Whatever is not implemented throws; extend it on demand.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { world } = require("./world.cjs");
const { startChromium } = require("./chromium.cjs");

const args = process.argv.slice(2);
process.argv = [process.argv[1] ?? "", ...args];
Object.defineProperty(process.versions, "electron", { value: world.version });
Object.assign(process, { type: "browser" });

const electron = require("./electron-module.cjs");
// Node has no other place at which `require("electron")` of a finished bundle can be answered.
const loader = /** @type {{ _load(request: string, ...rest: unknown[]): unknown }} */ (
  /** @type {unknown} */ (Module)
);
const load = loader._load;
loader._load = (/** @type {string} */ request, /** @type {unknown[]} */ ...rest) =>
  request === "electron" || request === "electron/main"
    ? electron
    : load.call(loader, request, ...rest);

// Prints "Debugger listening on ws://…", which Playwright waits for.
if (args.some((arg) => arg.startsWith("--inspect"))) require("node:inspector").open(0, "127.0.0.1");
args.forEach((arg, index) => {
  if (arg === "-r") require(path.resolve(args[index + 1] ?? ""));
});
require(findMain());
setImmediate(() => {
  startChromium().then(
    () => world.app.becomeReady(),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});

function findMain() {
  const named = args.find((arg, index) => !arg.startsWith("-") && args[index - 1] !== "-r");
  const entry = path.resolve(named ?? ".");
  if (!fs.statSync(entry).isDirectory()) return entry;
  return path.join(
    entry,
    JSON.parse(fs.readFileSync(path.join(entry, "package.json"), "utf8")).main,
  );
}
