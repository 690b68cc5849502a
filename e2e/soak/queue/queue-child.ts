import { createInterface } from "node:readline";
import { z } from "zod";
import { countEffects } from "./count-effects.ts";
import { drive, findScenario, MADE_UP } from "./queue-scenarios.ts";
import { openWorld } from "./queue-world.ts";

/*
 * A core that dies by SIGKILL at one of its effects. It waits for one line of input that says where and at which; 0 is at none, and
 * then it prints what its effects were.
 */

const Order = z.object({ folder: z.string(), scenario: z.string(), killAt: z.number() });

for await (const line of createInterface(process.stdin)) {
  const { folder, scenario: name, killAt } = Order.parse(JSON.parse(line));
  const scenario = name === MADE_UP ? {} : findScenario(name);
  const effects: string[] = [];
  const world = openWorld(folder, scenario);
  countEffects(world.store, (what) => {
    effects.push(what);
    if (effects.length === killAt) process.kill(process.pid, "SIGKILL");
  });
  await drive(scenario, world);
  await world[Symbol.asyncDispose]();
  process.stdout.write(JSON.stringify(effects), () => process.exit(0));
}
