import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { makeImageDisk, mountImageDisk, whyNoImageDisk } from "../../faults/tools/disks.ts";
import { createRandom } from "../random.ts";
import { arrange } from "./arrange.ts";
import { judge, recover } from "./crash-points.ts";
import { KillableQueue } from "./killable-queue.ts";
import { type Scenario, scenarios } from "./queue-scenarios.ts";

/** Beyond it most scenarios are at their end. */
const LAST_EFFECT = 110;

/**
 * `soak -- queue --power-cuts N`: a core on a disk of its own is killed at one of its effects, and the next one finds the disk as it
 * was written then, without what the system still held in memory. Gives the number of violations.
 */
export async function runPowerCuts(
  count: number,
  seed: number,
  say: (line: string) => void,
): Promise<number> {
  const whyNot = whyNoImageDisk();
  if (whyNot !== null) {
    say(`No power is cut: ${whyNot}.`);
    return 0;
  }
  await using killable = new KillableQueue();
  const random = createRandom(seed);
  let violations = 0;
  for (let at = 1; at <= count; at += 1) {
    const scenario = scenarios[at % scenarios.length] as Scenario;
    const killAt = random.between(1, LAST_EFFECT);
    const when = `${scenario.name}, the power cut at ${killAt}`;
    const found = await cutPower(killable, scenario, killAt).catch((error) => [String(error)]);
    for (const each of found) say(`${when}: ${each}`);
    violations += found.length;
    if (at % 10 === 0 || at === count) say(`${at} power cuts, ${violations} violations.`);
  }
  return violations;
}

async function cutPower(
  killable: KillableQueue,
  scenario: Scenario,
  killAt: number,
): Promise<readonly string[]> {
  const outside = process.env.TMPDIR;
  const work = mkdtempSync(path.join(os.tmpdir(), "switchyard-power-"));
  const [image, cut] = [path.join(work, "image"), path.join(work, "cut")];
  try {
    const disk = makeImageDisk(image);
    process.env.TMPDIR = disk.folder;
    // What it begins with is on the disk.
    const arranged = await arrange(scenario);
    execFileSync("sync", ["--file-system", disk.folder]);
    await killable.run({ folder: arranged.place.folder, scenario: scenario.name, killAt });
    execFileSync("cp", ["--sparse=always", image, cut]);
    disk[Symbol.dispose]();
    using _copy = mountImageDisk(cut, disk.folder);
    await recover(arranged);
    return await judge(arranged);
  } finally {
    if (outside === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outside;
    rmSync(work, { recursive: true, force: true });
  }
}
