import { expect, test } from "vitest";
import { fakeClock } from "../base/fake-clock.ts";
import { planClaudeLaunch } from "../provider/claude/plan-claude-launch.ts";
import type { Launch, Sessions } from "./sessions.ts";
import { type WorkerSettings, WorkerStarter } from "./start-worker.ts";
import { createWorktreeWorld } from "./worktree-fixture.ts";

const bypass: WorkerSettings = {
  permissionMode: "bypassPermissions",
  isModeAccepted: true,
  isSandboxed: true,
  allow: [],
  model: null,
  environment: [],
};

/**
 * Starts a worker whose settings become `after` while its worktree is set up; tells what came of it. `spokenModel`: its conversation
 * came from a session that spoke with it.
 */
async function startWith(
  before: WorkerSettings,
  after: WorkerSettings | Error,
  spokenModel: string | null = null,
) {
  await using world = await createWorktreeWorld();
  const { store } = world;
  const task = await world.task("running");
  const left = spokenModel === null ? null : world.session(task.id);
  if (left)
    store.write("x", () => store.sessions.update(left.id, { state: "stopped", spokenModel }));
  const { id, profile } = world.session(task.id);
  if (left) {
    const movedFrom = { session: left.id, profile, step: "trying" } as const;
    store.write("x", () => store.sessions.update(id, { movedFrom }));
  }
  const session = store.sessions.find(id);
  if (!session) throw new Error("the session was just made");
  const came: { begun: Launch[]; failed: string[]; sandboxed: boolean[] } = {
    begun: [],
    failed: [],
    sandboxed: [],
  };
  const leaving = new AbortController();
  let now: WorkerSettings | Error = before;
  const sessions = {
    begin: async (_: unknown, launch: Launch) => {
      came.begun.push(launch);
      leaving.abort();
    },
    fail: (_: unknown, reason: string) => {
      came.failed.push(reason);
    },
  };
  const starter = new WorkerStarter({
    store,
    clock: fakeClock(),
    // Nothing else of them is asked for here.
    sessions: sessions as unknown as Sessions,
    settingsOf: () => {
      if (now instanceof Error) throw now;
      return now;
    },
    prepareWorkplace: async () => {
      now = after;
      return { branch: "b", fork: await world.place.oid("main"), carried: [] };
    },
    prepareProfile: async () => ({ executable: "/bin/claude" }),
    claimConversation: async () => {},
    writeFiles: async ({ id: written }, isSandboxed) => {
      came.sandboxed.push(isSandboxed);
      expect(store.sessions.find(written)?.permissionMode).toBe(
        after instanceof Error ? null : after.permissionMode,
      );
      return { settingsFile: "/s.json", mcpFile: "/m.json" };
    },
    planLaunch: planClaudeLaunch,
    allowInSlots: () => [],
    lockedOf: () => [],
    environment: () => ({}),
    agentFileOf: () => null,
    onProfileTrouble: () => {},
  });
  await starter.start(session, task, leaving.signal);
  return came;
}

test("a mode and the sandbox it holds in are chosen at once, after the set-up", async () => {
  const usual = { ...bypass, permissionMode: "acceptEdits", isModeAccepted: false } as const;
  const came = await startWith(bypass, { ...usual, isSandboxed: false });
  expect(came.sandboxed).toEqual([false]);
  expect(came.begun[0]?.args).toContain("acceptEdits");
  expect(came.begun[0]?.args).not.toContain("bypassPermissions");
});

test("what was accepted at the claim and is no more after the set-up starts nothing", async () => {
  const came = await startWith(bypass, new Error("that ended"));
  expect(came).toEqual({ begun: [], failed: ["that ended"], sandboxed: [] });
});

test("a conversation that moved keeps the model it spoke with, unless another was chosen for the work", async () => {
  const usual = { ...bypass, permissionMode: "acceptEdits", isModeAccepted: false } as const;
  const modelOf = async (model: string | null, spokenModel: string | null) => {
    const settings = { ...usual, model };
    const { args = [] } = (await startWith(settings, settings, spokenModel)).begun[0] ?? {};
    return args.includes("--model") ? args[args.indexOf("--model") + 1] : null;
  };
  expect(await modelOf(null, "claude-opus-4-8[1m]")).toBe("claude-opus-4-8[1m]");
  expect(await modelOf("claude-sonnet-5", "claude-opus-4-8[1m]")).toBe("claude-sonnet-5");
  expect(await modelOf(null, null)).toBeNull();
});
