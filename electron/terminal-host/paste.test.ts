import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { packInput } from "../../shared/contract/terminal-frame.ts";
import { TestHost, until } from "./test-host.ts";

let host: TestHost;
let client: Client<HostContract>;
beforeEach(async () => {
  host = new TestHost();
  client = await host.connect();
});
afterEach(() => host[Symbol.asyncDispose]());

const PASTED_BYTES = 10 * 1024 * 1024;

test("a paste of 10 MB reaches a program that is slow to read, whole and in order", async () => {
  // It reads only when the host has all of it.
  const wait = `until [ -e ${host.home}/go ]; do sleep 0.05; done`;
  const read = `head -c ${PASTED_BYTES} > ${host.home}/pasted; printf done`;
  const order = host.order(`stty raw -echo; printf ready; ${wait}; ${read}; exec cat`);
  await client.call("spawn", order);
  const { stream } = await client.call("attach", { session: order.session, isFocused: true });
  await until(() => host.log(order.session).includes("ready"));
  const pasted = Buffer.alloc(PASTED_BYTES, "0123456789 line\n…");
  for (const frame of packInput(pasted)) {
    expect(frame.length).toBeLessThan(1 << 20);
    client.sendStream(stream, frame);
  }
  writeFileSync(path.join(host.home, "go"), "");
  await until(() => host.log(order.session).includes("done"));
  expect(readFileSync(path.join(host.home, "pasted")).equals(pasted)).toBe(true);
  await client.call("stop", { session: order.session, graceMs: 1000 });
}, 60_000);
