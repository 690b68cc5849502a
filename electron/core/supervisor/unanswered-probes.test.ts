import { expect, test } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import type { ProfileState } from "../../../shared/model/profile.ts";
import { silentLog } from "../base/log.ts";
import { sampleProfile } from "../store/sample-rows.ts";
import { createWorld } from "./supervisor-world.ts";
import { UnansweredProbes } from "./unanswered-probes.ts";

const UNANSWERED = "its sign-in could not be checked: no answer within 15 s";
const FIVE_MINUTES_MS = 5 * 60_000;

test("only where nobody answered it is asked again, until somebody does", async () => {
  const { store, clock } = createWorld();
  const add = (name: string, state: ProfileState, reason: string | null) =>
    store.profiles.insert(
      sampleProfile({ name: ProfileName.parse(name), dir: `/profiles/${name}`, state, reason }),
      {},
    );
  store.write("test", () => {
    for (const { name } of store.profiles.list()) store.profiles.remove(name);
    add("busy", "incident", UNANSWERED);
    add("ready", "ready", null);
    add("broken", "incident", "its sessions break: exit code 7");
    add("out", "signed-out", "nobody is signed in");
  });
  const asked: string[] = [];
  await using probes = new UnansweredProbes({
    store,
    clock,
    log: silentLog,
    probe: async ({ name }) => {
      asked.push(name);
      if (asked.length < 2) return;
      store.write("test", () => store.profiles.update(name, { state: "ready", reason: null }));
    },
  });
  probes.run();
  expect(asked).toEqual(["busy"]);
  await clock.advance(FIVE_MINUTES_MS);
  await clock.advance(FIVE_MINUTES_MS);
  expect(asked).toEqual(["busy", "busy"]);
});
