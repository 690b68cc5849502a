import { randomUUID } from "node:crypto";
import type { HostContract, RequestPurpose } from "../../shared/contract/host-contract.ts";
import type { Payload } from "../../shared/contract/rpc.ts";
import { findKeys, maskKeys, replaceKeys } from "../core/base/mask-keys.ts";

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
    { readonly request: HeldRequest; readonly keys: Keys; answer(answer: RequestAnswer): void }
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
    this.#held.set(request.request, { request, keys: keysOf(body), answer: onAnswer });
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
    held?.answer({ ...answer, body: unmask(answer.body, held.keys) });
    return held !== undefined;
  }

  list(): readonly HeldRequest[] {
    return [...this.#held.values()].map(({ request }) => request);
  }
}

/** By what they were masked as: the keys in a body, in their order. Only memory holds them, for as long as the asker waits. */
type Keys = ReadonlyMap<string, readonly string[]>;

function keysOf(body: string): Keys {
  const keys = new Map<string, string[]>();
  for (const key of findKeys(body))
    keys.set(maskKeys(key), [...(keys.get(maskKeys(key)) ?? []), key]);
  return keys;
}

/**
 * An answer may give back what was asked with: the asker gets its own keys again. Several that are masked alike are told apart by
 * their order; where the answer does not have all of them they stay as they are.
 */
function unmask(body: string, keys: Keys): string {
  const given = findKeys(body);
  let whole = body;
  for (const [masked, originals] of keys) {
    const isOne = new Set(originals).size === 1;
    if (!isOne && given.filter((each) => each === masked).length !== originals.length) continue;
    let next = 0;
    whole = replaceKeys(whole, (key) =>
      key === masked ? (originals[isOne ? 0 : next++] ?? key) : key,
    );
  }
  return whole;
}
