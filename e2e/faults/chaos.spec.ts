import { expect, test } from "@playwright/test";
import { STAND_IN } from "../../demo/stand-in/find-claude.ts";
import { createAppHome } from "../app-home.ts";
import { runChaos } from "../soak/run-chaos.ts";

const LIMIT_MS = 180_000;

// The long one, with the real Claude Code and more of everything: npm run soak -- --chaos
test("work lands while the core, the terminal host and a worker are killed and the clock jumps", async () => {
  test.skip(process.platform !== "linux", "processes are looked up in /proc, which only Linux has");
  test.setTimeout(LIMIT_MS + 60_000);
  await using home = await createAppHome({});
  const summary = await runChaos({
    home,
    executable: STAND_IN,
    seed: 1,
    tasks: 6,
    kills: { core: 3, host: 1, claude: 1 },
    jumpMs: 2 * 3_600_000,
    paceS: 4,
    limitMs: LIMIT_MS,
    onProgress: () => {},
  });
  expect(summary.findings.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([]);
  expect(summary.faults).toEqual({ core: 3, host: 1, claude: 1, clock: 1 });
  // What has not landed is a finding.
  expect(summary.landed).toBeGreaterThanOrEqual(6);
});
