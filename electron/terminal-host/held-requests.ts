import { randomUUID } from "node:crypto";
import type { HostContract, RequestPurpose } from "../../shared/contract/host-contract.ts";
import type { Payload } from "../../shared/contract/rpc.ts";
import { maskKeys } from "../core/base/mask-keys.ts";

export type HeldRequest = Payload<HostContract, "request">;
export interface RequestAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Messages of sessions' programs that wait for a core to answer them, for as long as the asking program waits. A core that
 * dies takes no answer with it: the next one is told of every message still here.
 */
export class HeldRequests {
  readonly #held = new Map<
    string,
    { readonly request: HeldRequest; answer(answer: RequestAnswer): void }
  >();

  hold(
    session: HeldRequest["session"],
    purpose: RequestPurpose,
    body: string,
    onAnswer: (answer: RequestAnswer) => void,
  ): HeldRequest {
    const request: HeldRequest = {
      request: randomUUID(),
      session,
      purpose,
      // It becomes rows, notices and messages of commits. No letter of a key stands for anything in JSON.
      body: maskKeys(body),
      at: new Date().toISOString(),
    };
    this.#held.set(request.request, { request, answer: onAnswer });
    return request;
  }

  /** Whoever asked has gone away. False when it had its answer by then. */
  drop(request: HeldRequest): boolean {
    return this.#held.delete(request.request);
  }

  /** The first answer counts; one to a request that is no longer here changes nothing and gives false. */
  answer(id: string, answer: RequestAnswer): boolean {
    const held = this.#held.get(id);
    this.#held.delete(id);
    held?.answer(answer);
    return held !== undefined;
  }

  list(): readonly HeldRequest[] {
    return [...this.#held.values()].map(({ request }) => request);
  }
}
