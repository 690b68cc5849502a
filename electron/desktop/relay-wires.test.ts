import { expect, test } from "vitest";
import { createWirePair } from "../../shared/contract/wire.ts";
import { relayWires } from "./relay-wires.ts";

test("frames pass both ways, and the end of one wire is the end of the other", async () => {
  const [window, near] = createWirePair();
  const [far, core] = createWirePair();
  relayWires(near, far);
  core.onFrame((frame) => core.send(`core got ${String(frame)}`));
  const answered = new Promise((resolve) => window.onFrame(resolve));
  window.send("hello");
  expect(await answered).toBe("core got hello");
  const closed = new Promise<void>((resolve) => core.onClose(resolve));
  window.close();
  await closed;
});
