import { expect, test } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { silentLog } from "../base/log.ts";
import { sampleProfile } from "../store/sample-rows.ts";
import { BootProbes } from "./boot-probes.ts";
import { createWorld } from "./supervisor-world.ts";

const [first, second, third] = ["a", "b", "c"].map((name) => ProfileName.parse(name));
if (!first || !second || !third) throw new Error("there are three names");

function createProbes(probe: (profile: Profile, signal: AbortSignal) => Promise<unknown>) {
  const { store } = createWorld();
  store.write("test", () => {
    for (const { name } of store.profiles.list()) store.profiles.remove(name);
    for (const name of [first, second, third])
      if (name) store.profiles.insert(sampleProfile({ name, dir: `/profiles/${name}` }), {});
  });
  return { store, probes: new BootProbes({ store, log: silentLog, probe }) };
}

test("a profile that cannot be asked, and one that is removed meanwhile, keep nobody from being asked", async () => {
  const asked: ProfileName[] = [];
  const over = Promise.withResolvers<void>();
  const { store, probes } = createProbes(async ({ name }) => {
    asked.push(name);
    if (name === third) over.resolve();
    if (name !== first) return;
    store.write("person", () => store.profiles.remove(second));
    throw new Error("ENOSPC: no space left on device, mkdtemp");
  });
  await using _ = probes;
  probes.run();
  await over.promise;
  expect(asked).toEqual([first, third]);
});

test("a core that stops waits for nobody's answer, and asks no other", async () => {
  const asked: ProfileName[] = [];
  const { probes } = createProbes(async ({ name }, signal) => {
    asked.push(name);
    await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  });
  probes.run();
  await probes[Symbol.asyncDispose]();
  expect(asked).toEqual([first]);
});
