import { expect, test } from "vitest";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleProject, sampleTask } from "./sample-rows.ts";

const ready = { ...sampleTask(), status: "ready" as const };
const calls = {
  "project.show": () => sampleProject,
  "project.changes": () => ({ files: [], count: 0 }) as never,
  "task.create": () => ready,
  "task.retry": () => ready,
  "inbox.list": () => [],
};
const statusWith = (isHalted: boolean) => () =>
  ({ ...quiet, fleet: { isHalted, reason: "lunch", since: "2026-11-21T09:00:00.000Z" } }) as never;
const quiet = {
  core: null,
  profiles: [],
  projects: [],
  sessions: {},
  health: { isRecovering: false, hostSilence: null },
  locks: [],
  settingsProblems: [],
};

test.each([[["task", "create", "Sort"]], [["task", "retry", ready.id]], [["inbox"]]])(
  "while everything is stopped, %j says so beside its answer, with the way on",
  async (words) => {
    const halted = { ...calls, "app.status": statusWith(true) };
    const told = await runAgainst({ handlers: halted }, ...words);
    expect(told.exitCode).toBe(0);
    expect(told.err).toBe(
      "Everything is stopped (lunch), so nothing starts or lands; let it go on with: switchyard resume\n",
    );
    const asJson = await runAgainst({ handlers: halted }, "--json", ...words);
    expect(asJson.json()).toBeTruthy();
    const goesOn = { ...calls, "app.status": statusWith(false) };
    expect((await runAgainst({ handlers: goesOn }, ...words)).err).toBe("");
    expect((await runAgainst({ handlers: calls }, ...words)).err).toBe("");
  },
);
