import { expect, test } from "vitest";
import { hostContract } from "../../../shared/contract/host-contract.ts";
import { createClient, serveWire } from "../../../shared/contract/rpc.ts";
import { createWirePair } from "../../../shared/contract/wire.ts";
import { SessionId } from "../../../shared/model/ids.ts";
import { refuseOrders } from "./refuse-orders.ts";

const session = SessionId.parse("s-1");

test("a silent host is left no message to type once it answers; what may be said twice is passed on", async () => {
  const [near, far] = createWirePair();
  const { held, write } = hostContract.calls;
  const typed: string[] = [];
  serveWire({ calls: { held, write }, events: {} }, far, {
    held: () => ["r-1"],
    write: ({ base64 }) => {
      typed.push(base64);
      return {};
    },
  });
  let isSilent = true;
  const client = refuseOrders(createClient(hostContract, near), () => isSilent, 4711);
  const send = () => client.call("write", { session, base64: "Z28=" });
  for (let times = 0; times < 3; times++)
    await expect(send()).rejects.toMatchObject({
      code: "timeout",
      message: "The terminal host (process 4711) does not answer, so nothing is typed or started.",
    });
  expect(await client.call("held", {})).toEqual(["r-1"]);
  isSilent = false;
  await send();
  expect(typed).toEqual(["Z28="]);
});
