import { randomUUID } from "node:crypto";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Payload } from "../../shared/contract/rpc.ts";

export type HeldRequest = Payload<HostContract, "request">;
export interface RequestAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Messages to a session's tool server that wait for a core to answer them, for as long as the asking program waits. A core that
 * dies takes no answer with it: the next one is told of every message still here.
 */
export class HeldRequests {
  readonly #held = new Map<
    string,
    { readonly request: HeldRequest; answer(answer: RequestAnswer): void }
  >();

  hold(
    session: HeldRequest["session"],
    body: string,
    onAnswer: (answer: RequestAnswer) => void,
  ): HeldRequest {
    const request: HeldRequest = { request: randomUUID(), session, body };
    this.#held.set(request.request, { request, answer: onAnswer });
    return request;
  }

  /** Whoever asked has gone away. */
  drop(request: HeldRequest): void {
    this.#held.delete(request.request);
  }

  /** The first answer counts; one to a request that is no longer here changes nothing. */
  answer(id: string, answer: RequestAnswer): void {
    const held = this.#held.get(id);
    this.#held.delete(id);
    held?.answer(answer);
  }

  list(): readonly HeldRequest[] {
    return [...this.#held.values()].map(({ request }) => request);
  }
}
