import { expect, test } from "vitest";
import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Peer } from "../../shared/contract/rpc.ts";
import type { Task } from "../../shared/model/task.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleTask } from "./sample-rows.ts";

/** A core with one task, which gets the `later` statuses one after the other once somebody has looked. */
function coreWith(first: Task["status"], ...later: readonly Task["status"][]) {
  let task = sampleTask({ status: first });
  let peer: Peer<AppContract> | undefined;
  const coming = [...later];
  const advance = () => {
    const status = coming.shift();
    if (status === undefined) return;
    task = sampleTask({ status });
    peer?.emit("changed", {
      seq: 1,
      events: [],
      rows: { tasks: [task] },
      removed: { projects: [], profiles: [] },
    });
  };
  const empty = {
    projects: [],
    profiles: [],
    plans: [],
    tasks: [],
    sessions: [],
    entries: [],
    asks: [],
    fleet: [],
  };
  return {
    onConnect: (connected: Peer<AppContract>) => {
      peer = connected;
    },
    handlers: {
      "app.watch": () => ({ seq: 0, rows: empty, recent: [] }),
      "task.show": () => {
        const seen = task;
        setImmediate(advance);
        return seen;
      },
    },
  };
}

test("returns at once when it has landed", async () => {
  const outcome = await runAgainst(coreWith("landed"), "wait", "--task", "t-7", "--json");
  expect([outcome.exitCode, outcome.json()]).toEqual([0, expect.objectContaining({ id: "t-7" })]);
});

test("returns when it lands", async () => {
  const core = coreWith("running", "queued", "landed");
  expect((await runAgainst(core, "wait", "--task", "t-7")).exitCode).toBe(0);
});

test("fails when it can no longer land", async () => {
  const outcome = await runAgainst(coreWith("running", "failed"), "wait", "--task", "t-7");
  expect([outcome.exitCode, outcome.err]).toEqual([1, expect.stringContaining("t-7 is failed")]);
});

test("takes any end when asked to", async () => {
  const core = coreWith("running", "cancelled");
  expect((await runAgainst(core, "wait", "--task", "t-7", "--until", "ended")).exitCode).toBe(0);
});

test("gives up with exit code 5", async () => {
  const core = coreWith("running");
  expect((await runAgainst(core, "wait", "--task", "t-7", "--timeout", "0.01")).exitCode).toBe(5);
});

test("does not wait for an app that is not there", async () => {
  const core = { ...coreWith("ready"), isRunning: false };
  expect((await runAgainst(core, "wait", "--task", "t-7")).exitCode).toBe(4);
});
