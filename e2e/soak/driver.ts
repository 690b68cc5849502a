import { setTimeout } from "node:timers/promises";
import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Client, Input, Output } from "../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { connectClient } from "../app-access.ts";
import type { AppHome } from "../app-home.ts";
import type { AppCall, History } from "./history.ts";

/** A core that stands still answers nothing; its driver goes on. */
const ANSWER_LIMIT_MS = 30_000;
const CONNECT_LIMIT_MS = 60_000;
const CONNECT_AGAIN_MS = 100;

export type Outcome<N extends AppCall> =
  | { readonly kind: "answered"; readonly output: Output<AppContract, N> }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unsure" };

/** Asks the core on behalf of a run and records each question with its answer. A connection that is gone is made anew. */
export class Driver implements AsyncDisposable {
  readonly #home: AppHome;
  readonly #history: History;
  #connection: (AsyncDisposable & { readonly client: Client<AppContract> }) | null = null;

  constructor(home: AppHome, history: History) {
    this.#home = home;
    this.#history = history;
  }

  async call<N extends AppCall>(name: N, input: Input<AppContract, N>): Promise<Outcome<N>> {
    const op = this.#history.asked(name, input);
    try {
      const output = await this.#ask(name, input);
      this.#history.answered(op, output);
      return { kind: "answered", output };
    } catch (error) {
      if (error instanceof SwitchyardError && error.code !== "needs-app") {
        this.#history.refused(op, error.code, error.message);
        return { kind: "refused", code: error.code };
      }
      this.#history.unsure(op, error instanceof Error ? error.message : String(error));
      await this.disconnect();
      return { kind: "unsure" };
    }
  }

  /** A question that changes nothing: asked until it is answered, and not recorded. */
  async read<N extends AppCall>(
    name: N,
    input: Input<AppContract, N>,
  ): Promise<Output<AppContract, N>> {
    const deadline = performance.now() + CONNECT_LIMIT_MS;
    for (;;) {
      try {
        return await this.#ask(name, input);
      } catch (error) {
        if (error instanceof SwitchyardError && error.code !== "needs-app") throw error;
        if (performance.now() > deadline) throw error;
        await this.disconnect();
        await setTimeout(CONNECT_AGAIN_MS);
      }
    }
  }

  async disconnect(): Promise<void> {
    await this.#connection?.[Symbol.asyncDispose]();
    this.#connection = null;
  }

  /** Connects when there is no connection. */
  async client(): Promise<Client<AppContract>> {
    if (this.#connection) return this.#connection.client;
    const deadline = performance.now() + CONNECT_LIMIT_MS;
    for (;;) {
      try {
        const connection = await connectClient(this.#home.folder);
        this.#connection = connection;
        connection.client.onClose(() => {
          if (this.#connection === connection) this.#connection = null;
        });
        return connection.client;
      } catch (error) {
        if (performance.now() > deadline)
          throw new Error("no core took a connection", { cause: error });
        await setTimeout(CONNECT_AGAIN_MS);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
  }

  async #ask<N extends AppCall>(
    name: N,
    input: Input<AppContract, N>,
  ): Promise<Output<AppContract, N>> {
    const client = await this.client();
    const giveUp = new AbortController();
    try {
      return await Promise.race([
        client.call(name, input),
        setTimeout(ANSWER_LIMIT_MS, null, { signal: giveUp.signal }).then(() => {
          throw new Error(`${name} was not answered within ${ANSWER_LIMIT_MS / 1000} s`);
        }),
      ]);
    } finally {
      giveUp.abort();
    }
  }
}
