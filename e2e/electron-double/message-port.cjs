const { EventEmitter } = require("node:events");

/**
 * Main's end of a channel. Its peer is another such port, or, once one end was posted to a page, a real MessagePort there:
 * `carry` then takes what is meant for that page.
 */
class MessagePortMain extends /** @type {new () => EventEmitter} */ (EventEmitter) {
  /** @type {{ deliver(data: unknown): void, closed(): void } | undefined} */
  peer;
  /** Set on the end that lives in a page. @type {((message: object) => void) | undefined} */
  carry;
  /** @type {string | undefined} */
  id;
  #isStarted = false;
  #isClosed = false;
  /** @type {unknown[]} */
  #early = [];

  /** @param {unknown} data */
  postMessage(data) {
    this.peer?.deliver(structuredClone(data));
  }

  start() {
    this.#isStarted = true;
    for (const data of this.#early.splice(0)) this.emit("message", { data, ports: [] });
  }

  close() {
    this.peer?.closed();
    this.closed();
  }

  /** @param {unknown} data */
  deliver(data) {
    if (this.carry) this.carry({ kind: "port", id: this.id, data });
    else if (this.#isStarted) this.emit("message", { data, ports: [] });
    else this.#early.push(data);
  }

  closed() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.carry) this.carry({ kind: "port-close", id: this.id });
    else this.emit("close");
  }
}

class MessageChannelMain {
  port1 = new MessagePortMain();
  port2 = new MessagePortMain();

  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

module.exports = { MessageChannelMain, MessagePortMain };
