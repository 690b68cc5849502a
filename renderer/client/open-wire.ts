import type { Wire } from "../../shared/contract/wire.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";

declare global {
  interface Window {
    /** Put there by the desktop shell's preload; its one function asks for a port to the core. */
    readonly desktop?: { connect(): void };
  }
}

const PORT_MESSAGE = "switchyard:port";
const TOKEN_KEY = "switchyard.token";
const SUBPROTOCOL = "switchyard.v1";
/** A desktop shell answers within milliseconds; a browser's loopback connection within tens of them. */
const OPEN_TIMEOUT_MS = 10_000;

/** Opens a wire to the core: the only place in the window that knows there are two shells. */
export function openWire(): Promise<Wire> {
  return window.desktop ? openDesktopWire(window.desktop) : openWebWire();
}

async function openDesktopWire(desktop: { connect(): void }): Promise<Wire> {
  const port = await new Promise<MessagePort>((resolve, reject) => {
    const giveUp = new AbortController();
    const timer = setTimeout(() => {
      giveUp.abort();
      reject(new SwitchyardError("needs-app", "Switchyard did not answer this window."));
    }, OPEN_TIMEOUT_MS);
    const onMessage = (event: MessageEvent) => {
      const offered = event.ports[0];
      if (event.source !== window || event.data !== PORT_MESSAGE || !offered) return;
      clearTimeout(timer);
      giveUp.abort();
      resolve(offered);
    };
    addEventListener("message", onMessage, { signal: giveUp.signal });
    desktop.connect();
  });
  return wireOverPort(port);
}

function wireOverPort(port: MessagePort): Wire {
  const closing = closeSignal();
  port.addEventListener("close", closing.fire);
  return {
    send: (frame) => port.postMessage(frame),
    onFrame(listener) {
      port.onmessage = (event: MessageEvent<string | Uint8Array>) => listener(event.data);
    },
    onClose: closing.listen,
    close() {
      port.close();
      closing.fire();
    },
  };
}

async function openWebWire(): Promise<Wire> {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) await swapCodeForToken(code);
  const token = sessionStorage.getItem(TOKEN_KEY);
  if (!token) {
    throw new SwitchyardError(
      "needs-app",
      "This window has no key to Switchyard.",
      "Open the link that `switchyard serve` prints, or a fresh one from `switchyard link`; each opens one window.",
    );
  }
  const address = `${location.origin.replace(/^http/, "ws")}/wire`;
  const socket = new WebSocket(address, [SUBPROTOCOL, `token.${token}`]);
  socket.binaryType = "arraybuffer";
  const wire = wireOverSocket(socket);
  await new Promise<void>((resolve, reject) => {
    const refuse = () =>
      reject(new SwitchyardError("needs-app", "Switchyard cannot be reached from this window."));
    const timer = setTimeout(() => {
      socket.close();
      refuse();
    }, OPEN_TIMEOUT_MS);
    socket.addEventListener("open", () => {
      clearTimeout(timer);
      resolve();
    });
    socket.addEventListener("error", () => {
      clearTimeout(timer);
      refuse();
    });
  });
  return wire;
}

/** The code is burnt by its first use, and leaves the address bar before anything else happens. */
async function swapCodeForToken(code: string): Promise<void> {
  history.replaceState(null, "", location.pathname);
  const answer = await fetch("/login", { method: "POST", body: code });
  if (answer.ok) return sessionStorage.setItem(TOKEN_KEY, await answer.text());
  // A reload in the same tab still holds its token, so a used code alone is no reason to stop.
  if (sessionStorage.getItem(TOKEN_KEY)) return;
  throw new SwitchyardError(
    "needs-app",
    "This link was used already.",
    "Run `switchyard serve` again, or ask the app for a fresh link.",
  );
}

function wireOverSocket(socket: WebSocket): Wire {
  const closing = closeSignal();
  socket.addEventListener("close", closing.fire);
  return {
    send(frame) {
      if (socket.readyState !== WebSocket.OPEN) return;
      // Frames are made by rpc.ts over plain ArrayBuffers, never over shared memory.
      socket.send(frame as string | Uint8Array<ArrayBuffer>);
    },
    onFrame(listener) {
      socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) =>
        listener(typeof event.data === "string" ? event.data : new Uint8Array(event.data));
    },
    onClose: closing.listen,
    close: () => socket.close(),
  };
}

/** Fires once, also for listeners that come late. */
function closeSignal() {
  let isClosed = false;
  const listeners: (() => void)[] = [];
  return {
    fire() {
      if (isClosed) return;
      isClosed = true;
      for (const listener of listeners.splice(0)) listener();
    },
    listen(listener: () => void) {
      if (isClosed) listener();
      else listeners.push(listener);
    },
  };
}
