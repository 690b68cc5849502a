import { readFileSync } from "node:fs";
import { z } from "zod";
import type { HostContract, HostSession } from "../../../shared/contract/host-contract.ts";
import type { Client, Payload } from "../../../shared/contract/rpc.ts";
import type { HostSilence } from "../../../shared/model/core-health.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { DataFolder } from "../base/data-folder.ts";
import { isAlive } from "../base/process-identity.ts";
import { ensureHost, type HostPlace } from "./ensure-host.ts";
import type { HostConnection, HostGreeting } from "./host-connection.ts";
import { type PulseListeners, watchPulse } from "./host-pulse.ts";
import { refuseOrders } from "./refuse-orders.ts";

/** A host that is lost this often in a minute is not started again: each start would end like the last. */
const LOSSES_MAX = 3;
const LOSSES_WINDOW_MS = 60_000;

/** Who wrote the host's file. */
const HostIdentity = z.object({
  pid: z.number().int().positive(),
  startTicks: z.string().nullable(),
  bootId: z.string().nullable(),
});

export type HeldRequest = Payload<HostContract, "request">;

export interface HostLinkListeners {
  /**
   * A host is there, with these sessions. `isSameHost` is false when it is another process than before: sessions that are not in
   * the list died with the old one.
   */
  readonly onConnected: (host: {
    readonly isSameHost: boolean;
    readonly greeting: HostGreeting;
    readonly sessions: readonly HostSession[];
  }) => void;
  readonly onLost: () => void;
  /** It answers nothing since then; it may come back, and is left alone. Null: it answers again. */
  readonly onSilence: (silence: HostSilence | null) => void;
  /** It could not be connected again; nothing more is tried. */
  readonly onGivenUp: (error: unknown) => void;
  readonly onExited: (event: Payload<HostContract, "exited">) => void;
  readonly onSignal: (event: Payload<HostContract, "signal">) => void;
  /** Comes again, under the same name, when the connection broke before the host had the answer. */
  readonly onRequest: (event: HeldRequest) => void;
  readonly onDropped: (event: Payload<HostContract, "dropped">) => void;
}

/** Keeps the core connected to its terminal host, and starts that again when it died. */
export class HostLink implements AsyncDisposable {
  readonly #place: HostPlace;
  readonly #listeners: HostLinkListeners;
  readonly #ending = new AbortController();
  #connection: HostConnection | null = null;
  #isEndingHost = false;
  #isSilent = false;
  #lastHost: string | null = null;
  #losses: number[] = [];

  private constructor(place: HostPlace, listeners: HostLinkListeners) {
    this.#place = place;
    this.#listeners = listeners;
  }

  /** Resolves once connected; `onConnected` has been called by then, and events may have come before it. */
  static async open(
    place: HostPlace,
    listeners: HostLinkListeners,
    signal: AbortSignal,
  ): Promise<HostLink> {
    const link = new HostLink(place, listeners);
    const leave = () => link.#ending.abort(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    await link.#connect();
    signal.removeEventListener("abort", leave);
    return link;
  }

  /** Of the connection there is now. Throws `needs-app` while there is none. */
  get client(): Client<HostContract> {
    const { client, greeting } = this.#current();
    return refuseOrders(client, () => this.#isSilent, greeting.pid);
  }

  /** Sessions reach the host here on loopback. Throws `needs-app` while there is no host. */
  get port(): number {
    return this.#current().port;
  }

  /** Null while there is no host. */
  get hostPid(): number | null {
    return this.#connection?.greeting.pid ?? null;
  }

  /** Ends the host, and starts no other; refused while it runs a session. */
  async endHost(): Promise<void> {
    // Said first: a host that is gone before its answer is out must not be taken for one that died.
    this.#isEndingHost = true;
    try {
      await this.client.call("shutdown", {});
    } catch (error) {
      this.#isEndingHost = this.#connection === null;
      if (!this.#isEndingHost) throw error;
    }
    this.#ending.abort(new Error("the terminal host was ended"));
  }

  /** Leaves the host and its sessions running. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort(new Error("the core is stopping"));
    await this.#connection?.[Symbol.asyncDispose]();
    this.#connection = null;
  }

  #current(): HostConnection {
    if (this.#connection) return this.#connection;
    throw new SwitchyardError(
      "needs-app",
      "The terminal host is not connected.",
      "It is being started again; try again in a moment.",
    );
  }

  async #connect(): Promise<void> {
    const { onExited, onSignal, onRequest, onDropped, onConnected } = this.#listeners;
    const over = new AbortController();
    const opening = ensureHost(
      this.#place,
      { exited: onExited, signal: onSignal, request: onRequest, dropped: onDropped },
      this.#ending.signal,
    );
    void this.#watch(() => opening, readHostPid(this.#place.folder), over.signal);
    const connection = await opening.finally(() => {
      over.abort(new Error("the host is connected, or cannot be"));
      this.#tellSilence(null);
    });
    const sessions = await connection.client.call("list", {});
    const { greeting } = connection;
    const host = `${greeting.pid} ${greeting.startedAt}`;
    const isSameHost = this.#lastHost === host;
    this.#lastHost = host;
    this.#connection = connection;
    onConnected({ isSameHost, greeting, sessions });
    const connected = new AbortController();
    connection.onLost(() => {
      connected.abort(new Error("the connection is gone"));
      this.#tellSilence(null);
      this.#lost();
    });
    void this.#watch(() => connection.pulse(), greeting.pid, connected.signal);
  }

  /** Never rejects. */
  #watch(ask: () => Promise<unknown>, pid: number | null, signal: AbortSignal): Promise<void> {
    const listeners: PulseListeners = {
      onSilent: (since) => this.#tellSilence({ since: since.toISOString(), pid }),
      onAnswering: () => this.#tellSilence(null),
    };
    return watchPulse(ask, this.#place.clock, listeners, signal);
  }

  #tellSilence(silence: HostSilence | null): void {
    const isSilent = silence !== null;
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#listeners.onSilence(silence);
  }

  #lost(): void {
    this.#connection = null;
    if (this.#ending.signal.aborted || this.#isEndingHost) return;
    this.#listeners.onLost();
    this.#connectAgain().catch((error: unknown) => {
      if (!this.#ending.signal.aborted) this.#listeners.onGivenUp(error);
    });
  }

  async #connectAgain(): Promise<void> {
    const now = performance.now();
    this.#losses = [...this.#losses.filter((at) => at > now - LOSSES_WINDOW_MS), now];
    if (this.#losses.length > LOSSES_MAX) {
      throw new SwitchyardError(
        "failed",
        `The terminal host was lost ${this.#losses.length} times within a minute.`,
        `Its log is in ${this.#place.folder.logs}.`,
      );
    }
    await this.#connect();
  }
}

/** Null where none runs: the file outlives a host that was killed, and its pid may be another program's by now. */
function readHostPid(folder: DataFolder): number | null {
  try {
    const host = HostIdentity.parse(JSON.parse(readFileSync(folder.hostFile, "utf8")));
    return isAlive(host) ? host.pid : null;
  } catch {
    return null;
  }
}
