import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "./base/clock.ts";
import { dataFolder, prepareDataFolder } from "./base/data-folder.ts";
import { composeRefusals } from "./compose-refusals.ts";
import { openStore } from "./store/open-store.ts";
import { sampleProfile, sampleProject, sampleSession } from "./store/sample-rows.ts";

test("admitted beside one too many are the workers of its profile: no sign-in, and none that was refused as well", () => {
  using cleaning = new DisposableStack();
  const home = mkdtempSync(path.join(tmpdir(), "switchyard-"));
  cleaning.defer(() => rmSync(home, { recursive: true }));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  const store = openStore({ folder, clock: systemClock, mode: "write" });
  cleaning.defer(() => store.close());
  const reason = "API Error: Too many concurrent sessions";
  const sessions = store.write("test", () => {
    store.projects.insert(sampleProject());
    store.profiles.insert(sampleProfile({ cap: 9 }), {});
    return [
      sampleSession({ state: "limited", reason }),
      sampleSession({ state: "limited", reason }),
      sampleSession({ state: "working" }),
      sampleSession({ state: "limited", reason: "You've hit your 5-hour limit" }),
      sampleSession({ kind: "sign-in", project: null, state: "working" }),
    ].map((session) => store.sessions.insert(session));
  });
  const told: number[] = [];
  const limits = {
    noteLimit: (...[, , , admitted]: unknown[]) => void told.push(Number(admitted)),
  };
  const noteRefusal = composeRefusals({ store, clock: systemClock, limits });
  const [refused] = sessions;
  if (!refused) throw new Error("five were inserted");
  expect(noteRefusal(refused.profile, refused)).toBe("leaves");
  expect(told).toEqual([2]);
});
