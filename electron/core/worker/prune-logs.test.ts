import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { putFiles } from "../git/test-repository.ts";
import { pruneLogs } from "./prune-logs.ts";
import { createWorktreeWorld } from "./worktree-fixture.ts";

const DAY_MS = 24 * 3_600_000;

test("logs of sessions that are long over go and that is told; those of open work stay", async () => {
  await using world = await createWorktreeWorld();
  const { store, clock, folder } = world;
  const [landed, open] = [await world.task("landed"), await world.task("ready")];
  const [old, kept] = [world.session(landed.id), world.session(open.id)];
  for (const session of [old, kept]) {
    putFiles(folder.sessionDir(session.id), { "output.log": "output", "settings.json": "{}" });
    world.end(session);
  }
  const folderOf = folder.sessionDir;
  pruneLogs({ store, clock, folderOf });
  expect(existsSync(join(folderOf(old.id), "output.log"))).toBe(true);
  clock.jump(30 * DAY_MS);
  pruneLogs({ store, clock, folderOf });
  expect(existsSync(join(folderOf(old.id), "output.log"))).toBe(false);
  expect(existsSync(join(folderOf(old.id), "settings.json"))).toBe(true);
  expect(existsSync(join(folderOf(kept.id), "output.log"))).toBe(true);
  const told = store.events.since(0, { subject: "disk" });
  expect(told).toMatchObject([{ kind: "logs.pruned", data: { sessions: [old.id], bytes: 6 } }]);
});
