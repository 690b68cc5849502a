import {
  HOST_PROTOCOL,
  type HostContract,
  hostContract,
} from "../../../shared/contract/host-contract.ts";
import {
  type Client,
  createClient,
  type EventName,
  type Output,
  type Payload,
} from "../../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import { type DataFolder, verifySocketFolder } from "../base/data-folder.ts";
import { connectSocket } from "../base/socket-wire.ts";
import { limitCalls } from "./limit-calls.ts";

export type HostGreeting = Output<HostContract, "hello">;
export type HostListeners = {
  readonly [N in EventName<HostContract>]?: (payload: Payload<HostContract, N>) => void;
};

/** One connection to the terminal host. It ends once; who wants another asks for it. */
export class HostConnection implements AsyncDisposable {
  readonly client: Client<HostContract>;
  readonly greeting: HostGreeting;
  readonly #unlimited: Client<HostContract>;

  private constructor(client: Client<HostContract>, greeting: HostGreeting, clock: Clock) {
    this.client = limitCalls(client, clock, greeting.pid);
    this.greeting = greeting;
    this.#unlimited = client;
  }

  /**
   * Listeners hear of everything from the host's greeting on, requests that nobody answered first. Throws `needs-app` where there is
   * no host. One that hangs is waited for: another cannot take its place while it may own sessions.
   */
  static async open(
    { folder, clock }: { readonly folder: DataFolder; readonly clock: Clock },
    listeners: HostListeners,
    signal: AbortSignal,
  ): Promise<HostConnection> {
    verifySocketFolder(folder);
    const wire = await connectSocket(folder.hostSocket(HOST_PROTOCOL), signal);
    const client = createClient(hostContract, wire);
    // Ends the wait for its greeting.
    const leave = () => client.close();
    signal.addEventListener("abort", leave);
    try {
      listen(client, listeners);
      return new HostConnection(client, await client.call("hello", {}), clock);
    } catch (error) {
      client.close();
      signal.throwIfAborted();
      // One that went in the middle of it is no different from one that was not there.
      if (error instanceof SwitchyardError && error.code === "needs-app") throw error;
      throw new Error("greeting the terminal host failed", { cause: error });
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** Where the programs of sessions reach the host on loopback. It stays the same as long as the host lives. */
  get port(): number {
    return this.greeting.port;
  }

  /** Called once when the connection is gone, also when it was gone before. The host and its sessions may live on. */
  onLost(listener: () => void): void {
    this.client.onClose(listener);
  }

  /** Resolves when the host answers, however late. */
  async pulse(): Promise<void> {
    await this.#unlimited.call("held", {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
  }
}

function listen(client: Client<HostContract>, listeners: HostListeners): void {
  if (listeners.exited) client.on("exited", listeners.exited);
  if (listeners.signal) client.on("signal", listeners.signal);
  if (listeners.request) client.on("request", listeners.request);
  if (listeners.dropped) client.on("dropped", listeners.dropped);
}
