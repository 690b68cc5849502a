import { expect, test } from "vitest";
import { hostContract } from "../../../shared/contract/host-contract.ts";
import { createClient, type Handlers, serveWire } from "../../../shared/contract/rpc.ts";
import { createWirePair } from "../../../shared/contract/wire.ts";
import { SessionId } from "../../../shared/model/ids.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { limitCalls } from "./limit-calls.ts";

const session = SessionId.parse("s-1");
const { held, stop } = hostContract.calls;
const contract = { calls: { held, stop }, events: {} };
const never = () => new Promise<never>(() => {});

function hostThat(handlers: Partial<Handlers<typeof contract>>) {
  const [near, far] = createWirePair();
  serveWire(contract, far, { held: never, stop: never, ...handlers });
  const clock = fakeClock();
  return { clock, client: limitCalls(createClient(hostContract, near), clock, 4711) };
}

test("a call that a hung host does not answer ends with a sentence that names it", async () => {
  const { clock, client } = hostThat({});
  const told = expect(client.call("held", {})).rejects.toMatchObject({
    code: "timeout",
    message: "The terminal host (process 4711) did not answer within 20 s.",
  });
  await clock.advance(20_000);
  await told;
  expect(clock.pending()).toBe(0);
});

test("a stop is waited for as long as it may take", async () => {
  const { clock, client } = hostThat({});
  let outcome = "waits";
  const asked = client.call("stop", { session, graceMs: 5_000 }).catch(() => {
    outcome = "given up";
  });
  await clock.advance(44_999);
  expect(outcome).toBe("waits");
  await clock.advance(1);
  await asked;
  expect(outcome).toBe("given up");
});

test("an answer in time leaves no timer behind", async () => {
  const { clock, client } = hostThat({ held: () => ["r-1"] });
  expect(await client.call("held", {})).toEqual(["r-1"]);
  expect(clock.pending()).toBe(0);
});
