const { spawn } = require("node:child_process");
const { EventEmitter } = require("node:events");
const fs = require("node:fs");
const path = require("node:path");
const { world } = require("./world.cjs");

/** Chromium's debugging protocol: JSON set off by zero bytes, over a pipe, so that Chromium ends when this process does, however it ends. */
class Cdp extends EventEmitter {
  #lastId = 0;
  #waiting = new Map();
  #out;

  /** @param {import("node:child_process").ChildProcess} child started with pipes at 3 and 4 */
  constructor(child) {
    super();
    this.setMaxListeners(0);
    const [, , , out, input] = child.stdio;
    // Pipes were asked for at both places.
    this.#out = /** @type {import("node:stream").Writable} */ (out);
    this.#out.on("error", () => {});
    this.#read(/** @type {import("node:stream").Readable} */ (input));
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @param {string} [sessionId]
   * @returns {Promise<any>}
   */
  send(method, params = {}, sessionId) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method });
      this.#out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** @param {import("node:stream").Readable} input */
  #read(input) {
    /** @type {Buffer[]} */
    let parts = [];
    input.on("data", (/** @type {Buffer} */ data) => {
      let chunk = data;
      for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0)) {
        const text = Buffer.concat([...parts, chunk.subarray(0, end)]).toString();
        parts = [];
        chunk = chunk.subarray(end + 1);
        this.#receive(JSON.parse(text));
      }
      if (chunk.length > 0) parts.push(chunk);
    });
  }

  /** @param {any} message */
  #receive(message) {
    if (!message.id) {
      const { method, params, sessionId } = message;
      return this.emit(sessionId ? `${sessionId}:${method}` : method, params);
    }
    const call = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) call.reject(new Error(`${call.method}: ${message.error.message}`));
    else call.resolve(message.result);
  }
}

/** Headless where there is no display. Prints the line that Playwright connects by. */
async function startChromium() {
  const isHeaded = process.platform !== "linux" || Boolean(process.env.DISPLAY);
  const isRoot = process.getuid?.() === 0;
  const flags = [
    ...(isHeaded ? [] : ["--headless=new"]),
    "--remote-debugging-port=0",
    "--remote-debugging-pipe",
    `--user-data-dir=${path.join(world.app.getPath("userData"), "chromium")}`,
    "--no-startup-window",
    "--no-first-run",
    "--disable-gpu",
    // Chromium refuses its sandbox as root.
    ...(isRoot ? ["--no-sandbox", "--test-type"] : []),
    ...world.switches,
  ];
  const stdio = /** @type {const} */ (["ignore", "ignore", "pipe", "pipe", "pipe"]);
  const child = spawn(findChromium(), flags, { stdio: [...stdio] });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => world.app.quit());
  process.on("exit", () => child.kill("SIGKILL"));

  const address = await readDebuggingAddress(child);
  world.cdp = new Cdp(child);
  await world.cdp.send("Target.setDiscoverTargets", { discover: true });
  world.cdp.on("Target.targetDestroyed", ({ targetId }) => {
    world.contentsByTarget.get(targetId)?.wasDestroyed();
  });
  process.stderr.write(`\nDevTools listening on ${address}\n`);
}

function findChromium() {
  const named = process.env.SWITCHYARD_BROWSER;
  const found = [named, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
    (file) => file && fs.existsSync(file),
  );
  if (!found) throw new Error("electron-double: no Chromium; name one with SWITCHYARD_BROWSER");
  return found;
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<string>}
 */
function readDebuggingAddress(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (data) => {
      if (said.length < 100_000) said += data;
      const [, address] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
      if (address) resolve(address);
    });
    child.on("exit", () => reject(new Error(`electron-double: Chromium ended: ${said}`)));
  });
}

module.exports = { Cdp, startChromium };
