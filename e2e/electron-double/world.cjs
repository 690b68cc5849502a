const { EventEmitter } = require("node:events");

/**
 * What the parts of the double share: one browser, its windows, and what the app has registered.
 *
 * @type {{
 *   version: string,
 *   app: any,
 *   cdp: import("./chromium.cjs").Cdp | undefined,
 *   ipcMain: EventEmitter,
 *   invokeHandlers: Map<string, (event: unknown, ...args: unknown[]) => unknown>,
 *   schemes: Map<string, ((request: Request) => Promise<Response>) | null>,
 *   windows: Set<any>,
 *   contentsByTarget: Map<string, any>,
 *   switches: string[],
 *   lastId: number,
 * }}
 */
const world = {
  version: require("electron/package.json").version,
  app: undefined,
  cdp: undefined,
  ipcMain: new EventEmitter(),
  invokeHandlers: new Map(),
  schemes: new Map(),
  windows: new Set(),
  contentsByTarget: new Map(),
  switches: [],
  lastId: 0,
};

module.exports = { world };
