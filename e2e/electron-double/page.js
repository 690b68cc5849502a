// Injected into every page, twice: into its own world, and into the isolated world of the preload (`runPreload`).
// The two exchange nothing but strings, through events of the window, as contextBridge exchanges nothing but clones.
// Lines that begin with a comment are cut out before it is injected.
(worldName, runPreload) => {
  if (window !== window.top || !/^https?:/.test(location.protocol)) return;
  const otherWorld = worldName === "main" ? "preload" : "main";
  const functions = new Map();
  const settling = new Map();
  let lastId = 0;

  const toBase64 = (bytes) => {
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
  };
  const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const encode = (value, mayCarryFunctions) =>
    JSON.stringify(value, function (key) {
      const own = this[key];
      if (own instanceof ArrayBuffer) return { $buffer: toBase64(new Uint8Array(own)) };
      if (ArrayBuffer.isView(own)) {
        return { $bytes: toBase64(new Uint8Array(own.buffer, own.byteOffset, own.byteLength)) };
      }
      if (typeof own !== "function") return own;
      if (!mayCarryFunctions) throw new Error("An object could not be cloned.");
      functions.set(++lastId, own);
      return { $function: lastId };
    });
  const decode = (text) =>
    JSON.parse(text, (_key, value) => {
      if (value?.$buffer !== undefined) return fromBase64(value.$buffer).buffer;
      if (value?.$bytes !== undefined) return fromBase64(value.$bytes);
      if (value?.$function !== undefined) return proxyFor(value.$function);
      return value;
    });
  const fire = (type, detail) => window.dispatchEvent(new CustomEvent(type, { detail }));

  // A function of the other world: called at once, its promise settled later.
  function proxyFor(id) {
    return (...args) => {
      let returned;
      const event = `double-return-${worldName}`;
      addEventListener(event, (e) => (returned = decode(e.detail)), { once: true });
      fire(`double-call-${otherWorld}`, encode({ id, args }, true));
      if (returned.error) throw new Error(returned.error);
      if (!returned.promise) return returned.value;
      return new Promise((resolve, reject) => {
        settling.set(returned.promise, (outcome) =>
          outcome.error ? reject(new Error(outcome.error)) : resolve(outcome.value),
        );
      });
    };
  }
  addEventListener(`double-settle-${worldName}`, (e) => {
    const outcome = decode(e.detail);
    settling.get(outcome.id)?.(outcome);
    settling.delete(outcome.id);
  });
  addEventListener(`double-call-${worldName}`, (e) => {
    const { id, args } = decode(e.detail);
    fire(`double-return-${otherWorld}`, encode(callHere(id, args), true));
  });
  function callHere(id, args) {
    try {
      const value = functions.get(id)(...args);
      if (typeof value?.then !== "function") return { value };
      const promise = ++lastId;
      const settle = (outcome) =>
        fire(`double-settle-${otherWorld}`, encode({ id: promise, ...outcome }, true));
      value.then(
        (result) => settle({ value: result }),
        (error) => settle({ error: error.message }),
      );
      return { promise };
    } catch (error) {
      return { error: error.message };
    }
  }

  if (worldName === "main") {
    addEventListener("double-expose", (e) => {
      const [key, api] = decode(e.detail);
      const value = Object.freeze(api);
      Object.defineProperty(window, key, { value, enumerable: true });
    });
    // Every new window goes to setWindowOpenHandler; only "deny" is implemented.
    window.open = (address) => {
      fire("double-open", new URL(address, location.href).href);
      return null;
    };
    addEventListener(
      "click",
      (e) => {
        const link = e.target?.closest?.("a[target=_blank]");
        if (!link) return;
        e.preventDefault();
        window.open(link.href);
      },
      true,
    );
    return;
  }

  const send = (message) => globalThis.__electronDouble(encode(message));
  addEventListener("double-open", (e) => send({ kind: "open", url: e.detail }));
  const listeners = new Map();
  const replies = new Map();
  const ports = new Map();
  const openPort = (id) => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = (e) => send({ kind: "port", id, data: e.data });
    port1.addEventListener("close", () => send({ kind: "port-close", id }));
    return port2;
  };
  globalThis.__electronDoubleReceive = (text) => {
    const message = decode(text);
    if (message.kind === "message") {
      const event = { sender: ipcRenderer, ports: message.ports.map(openPort) };
      for (const listener of [...(listeners.get(message.channel) ?? [])]) {
        listener(event, ...message.args);
      }
    } else if (message.kind === "reply") {
      const reply = replies.get(message.id);
      replies.delete(message.id);
      if (message.error) reply.reject(new Error(message.error));
      else reply.resolve(message.value);
    } else if (message.kind === "port") ports.get(message.id)?.postMessage(message.data);
    else if (message.kind === "port-close") ports.get(message.id)?.close();
  };
  const ipcRenderer = {
    send: (channel, ...args) => send({ kind: "send", channel, args }),
    invoke: (channel, ...args) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        replies.set(id, { resolve, reject });
        send({ kind: "invoke", id, channel, args });
      }),
    on(channel, listener) {
      if (!listeners.has(channel)) listeners.set(channel, new Set());
      listeners.get(channel).add(listener);
      return ipcRenderer;
    },
    off(channel, listener) {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
  };
  const contextBridge = {
    exposeInMainWorld: (key, api) => fire("double-expose", encode([key, api], true)),
  };
  const require = (name) => {
    if (name === "electron" || name === "electron/renderer") return { ipcRenderer, contextBridge };
    throw new Error(`module not found: ${name} (a sandboxed preload has only electron)`);
  };
  const process = {
    platform: "NODE_PLATFORM",
    versions: { electron: "ELECTRON_VERSION" },
    contextIsolated: true,
    sandboxed: true,
  };
  runPreload(require, process);
};
