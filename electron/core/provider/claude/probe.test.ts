import { appendFileSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { ClaudeWorld } from "./claude-world.ts";

let world: ClaudeWorld;
beforeAll(async () => {
  world = await ClaudeWorld.open();
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
const cases: [string, object][] = [
  ["5h", { error: 429, limit: "five_hour", resets_in: 5400, times: 99 }],
  ["7d", { error: 429, limit: "seven_day", resets_in: 200000, times: 99 }],
  ["throttle", { error: 429, times: 99 }],
  ["crowded", { error: 429, message: "Too many concurrent sessions", times: 99 }],
  ["529", { error: 529, times: 99 }],
  ["500", { error: 500, times: 99 }],
  ["402", { error: 402, message: "x", times: 99 }],
  ["spend429", { error: 429, message: "You've hit your monthly spend limit.", times: 99 }],
  [
    "credit",
    {
      error: 400,
      message:
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
      times: 99,
    },
  ],
  [
    "overage",
    {
      error: 429,
      times: 99,
      headers: {
        "anthropic-ratelimit-unified-status": "rejected",
        "anthropic-ratelimit-unified-representative-claim": "overage",
        "anthropic-ratelimit-unified-reset": String(Math.floor(Date.now() / 1000) + 86400 * 9),
        "anthropic-ratelimit-unified-overage-status": "rejected",
        "anthropic-ratelimit-unified-overage-disabled-reason": "org_level_disabled_until",
      },
    },
  ],
  [
    "orgspend",
    {
      error: 429,
      times: 99,
      headers: {
        "anthropic-ratelimit-unified-status": "rejected",
        "anthropic-ratelimit-unified-overage-status": "rejected",
        "anthropic-ratelimit-unified-overage-disabled-reason": "org_spend_cap_reached",
      },
    },
  ],
];
test.each(cases)("%s", { timeout: 120_000 }, async (name, step) => {
  await using run = await world.launch([step]);
  const t0 = Date.now();
  const failed = await Promise.race([
    world.heard("turn-failed"),
    new Promise<null>((r) => setTimeout(() => r(null), 60_000)),
  ]);
  await new Promise((r) => setTimeout(r, 4_000));
  appendFileSync(
    "/tmp/probe.txt",
    JSON.stringify({
      name,
      ms: Date.now() - t0 - 4000,
      failed,
      kinds: world.evidence.map((e) => e.kind),
      windows: world.gauges.at(-1)?.windows,
      levels: run.levels.map((l) => [l.level, l.waitingFor]),
    }) + "\n",
  );
  await run.end();
});
