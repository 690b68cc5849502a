// How the real Claude Code tells of each kind of refusal: what the rests of profiles and sessions believe of it is asked here.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClaudeWorld, isRealClaudeMissing } from "./claude-world.ts";
import { transcriptFile } from "./read-last-messages.ts";
import { readRefusal } from "./read-refusal.ts";
import { readToldTurn } from "./read-told-turn.ts";

/** By itself it tries ten times, which takes minutes. */
const ONE_RETRY = { CLAUDE_CODE_MAX_RETRIES: "1" };
const MINUTE_MS = 60_000;
const OVERAGE = {
  "anthropic-ratelimit-unified-status": "rejected",
  "anthropic-ratelimit-unified-overage-status": "rejected",
  "anthropic-ratelimit-unified-overage-disabled-reason": "org_spend_cap_reached",
};

let world: ClaudeWorld;

describe.skipIf(isRealClaudeMissing)("the real Claude Code", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    world = await ClaudeWorld.open();
  }, 60_000);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  test("says at a five-hour limit until when, in words and then in its status line, and goes on by itself", async () => {
    await using run = await world.launch([
      { error: 429, limit: "five_hour", resets_in: 5400, times: 9 },
    ]);
    const { error, message, at } = await world.heard("turn-failed");
    expect(error).toBe("rate-limit");
    const refusal = readRefusal(message, new Date(at));
    const { fiveHour } = await world.until(
      () => world.gauges.findLast(({ windows }) => windows?.fiveHour)?.windows ?? undefined,
    );
    expect(fiveHour?.usedPercent).toBe(100);
    expectSameMinute(refusal, fiveHour?.resetsAt);
    await world.until(() => (/ontinuing automatically/.test(run.printed()) ? true : undefined));
  });

  test("opens a menu of its own at a weekly limit, while its words and its record say until when", async () => {
    const conversation = randomUUID();
    const resets = Date.now() + 200_000_000;
    await using run = await world.launch(
      [{ error: 429, limit: "seven_day", resets_in: 200_000, times: 9 }],
      { conversation },
    );
    const { error, message, at } = await world.heard("turn-failed");
    expect(error).toBe("rate-limit");
    expectSameMinute(readRefusal(message, new Date(at)), new Date(resets).toISOString());
    const menu = await world.until(() => run.levels.find(({ level }) => level === "waiting"));
    expect(menu.waitingFor).toBe("dialog open");
    const file = transcriptFile(join(world.folder, "profile"), world.worktree, conversation);
    await expect.poll(() => readToldTurn(file)).toMatchObject({ ending: "rate-limit", message });
  });

  test.each([
    ["too many calls at once", { error: 429 }, "rate-limit", "throttled"],
    [
      "too many sessions at once",
      { error: 429, message: "Too many concurrent sessions" },
      "rate-limit",
      "crowded",
    ],
    ["a spend limit", { error: 429, headers: OVERAGE }, "spend", "spend"],
    [
      "an empty account",
      { error: 400, message: "Your credit balance is too low to access the Anthropic API." },
      "spend",
      "spend",
    ],
  ])("tells %s by its words", async (_, refused, error, kind) => {
    await using _run = await world.launch([{ ...refused, times: 99 }], {}, ONE_RETRY);
    const told = await world.heard("turn-failed");
    expect(told.error).toBe(error);
    expect(readRefusal(told.message, new Date(told.at)).kind).toBe(kind);
  });

  test.each([529, 500])(
    "tells a %s as the service's own trouble, of nobody's limit",
    async (status) => {
      await using _run = await world.launch([{ error: status, times: 99 }], {}, ONE_RETRY);
      expect((await world.heard("turn-failed")).error).toBe("server");
    },
  );
});

function expectSameMinute(refusal: ReturnType<typeof readRefusal>, resetsAt = "") {
  const told = refusal.kind === "window" ? Date.parse(refusal.resetsAt ?? "") : Number.NaN;
  // The words name the minute, of which it is the end here.
  const lateMs = told - Date.parse(resetsAt);
  expect(lateMs, JSON.stringify(refusal)).toBeGreaterThan(-5_000);
  expect(lateMs).toBeLessThanOrEqual(MINUTE_MS + 5_000);
}
