import { expect, test } from "vitest";
import { isAlive } from "../core/base/process-identity.ts";
import { TestHost, until } from "./test-host.ts";

/** So many sleepers and no more, however the host fares. */
const CROWD = 40;
const start = `n=0; while [ $n -lt ${CROWD} ]; do n=$((n+1)); setsid sleep 300 & done`;

test.skipIf(process.platform !== "linux")(
  "a session of which more processes live than it may have is ended with all of them, and the others go on",
  async () => {
    await using host = new TestHost();
    const client = await host.connect();
    await client.call("hello", {});
    const exits: unknown[] = [];
    client.on("exited", (event) => exits.push(event));
    const calm = host.order("sleep 300 & exec cat");
    const crowd = host.order(`read go; ${start}; echo all; exec cat`);
    const spawned = [];
    for (const order of [calm, crowd]) {
      spawned.push(await client.call("spawn", order));
      await client.call("limit", { session: order.session, processes: CROWD / 2 });
    }
    const base64 = Buffer.from("go\r").toString("base64");
    await client.call("write", { session: crowd.session, base64 });
    await until(() => exits.length > 0);
    expect(exits).toMatchObject([{ session: crowd.session, exit: { signal: "SIGKILL" } }]);
    const { exit } = exits[0] as { readonly exit: { readonly tooManyProcesses?: number } };
    expect(exit.tooManyProcesses).toBeGreaterThan(CROWD / 2);
    const { survivors } = await client.call("stop", { session: crowd.session, graceMs: 0 });
    expect(survivors).toEqual([]);
    const [pid] = spawned.map((row) => row.pid);
    expect(isAlive({ pid: pid ?? 0, startTicks: null, bootId: null })).toBe(true);
    await client.call("stop", { session: calm.session, graceMs: 100 });
  },
);

test.skipIf(process.platform !== "linux")(
  "a session without a limit may have any number, and an unknown one is refused",
  async () => {
    await using host = new TestHost();
    const client = await host.connect();
    const order = host.order(`${start}; echo all; exec cat`);
    await expect(
      client.call("limit", { session: order.session, processes: 10 }),
    ).rejects.toMatchObject({ code: "not-found" });
    await client.call("spawn", order);
    await until(async () => {
      const { lines } = await client.call("text", { session: order.session, lines: 5 });
      return lines.some((line) => line.includes("all"));
    });
    const [row] = await client.call("list", {});
    expect(row?.exit).toBeNull();
    const { survivors } = await client.call("stop", { session: order.session, graceMs: 0 });
    expect(survivors).toEqual([]);
  },
);
