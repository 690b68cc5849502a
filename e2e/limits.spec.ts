import {
  createScriptedModel,
  type ScriptedModel,
} from "../demo/scripted-model/create-scripted-model.ts";
import type { ScriptStep } from "../demo/scripted-model/step.ts";
import { findClaude } from "../demo/stand-in/find-claude.ts";
import { type AppHome, createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { finish, PATIENCE, prepareWork } from "./with-worker.ts";

const JITTER_MAX_S = 120;
/** The words of a refusal name the minute. */
const MINUTE_S = 60;
const OVERAGE = {
  "anthropic-ratelimit-unified-status": "rejected",
  "anthropic-ratelimit-unified-overage-status": "rejected",
  "anthropic-ratelimit-unified-overage-disabled-reason": "org_spend_cap_reached",
};

interface Limited {
  readonly home: AppHome;
  readonly model: ScriptedModel;
  readonly task: string;
}

/** One worker on one task, whose calls are refused like this until the test relents. */
async function withLimited(
  refusal: ScriptStep,
  work: (limited: Limited) => Promise<void>,
): Promise<void> {
  test.setTimeout(240_000);
  test.skip(!findClaude().isReal, "only the real program has words and a menu for each refusal");
  await using home = await createAppHome({});
  const model = createScriptedModel({ scenario: { rules: [{ steps: [refusal] }] } });
  await model.listen(0);
  await using core = await startCore(home);
  try {
    await prepareWork(home, model.url, { token: "switchyard-limits-token" });
    const { id } = await command(home, "task", "create", "Wait", "--project", "app");
    await work({ home, model, task: id });
  } finally {
    await command(home, "stop");
    await core.ended;
    await model.close();
  }
}

const showTask = ({ home, task }: Limited) => command(home, "task", "show", task);
const showProfile = ({ home }: Limited) => command(home, "profile", "show", "max-1");
const untilParked = (limited: Limited, why: RegExp) =>
  expect
    .poll(async () => {
      const { status, reason } = await showTask(limited);
      return `${status} ${reason}`;
    }, PATIENCE)
    .toMatch(why);
const untilLanded = (limited: Limited) =>
  expect.poll(async () => (await showTask(limited)).status, PATIENCE).toBe("landed");
/** From now on the model works. */
const relent = ({ model }: Limited) => model.setScenario({ rules: [{ steps: [...finish] }] });

test("F68: at a weekly limit the profile rests until the reset that the refusal tells, and the conversation goes on, with no mark against it", {
  tag: "@web",
}, async () => {
  // Further ahead than the real program waits for by itself: it opens its menu instead.
  const refusal = { error: 429, limit: "seven_day", resets_in: 200_000, times: 9 } as const;
  const beforeMs = Date.now();
  await withLimited(refusal, async (limited) => {
    const { home } = limited;
    await untilParked(limited, /^parked rate-limit: You've hit your weekly limit/);
    const { state, restsUntil } = await showProfile(limited);
    expect(state).toBe("resting");
    const rests = Date.parse(restsUntil);
    // The script's reset counts from its call.
    expect(rests).toBeGreaterThan(beforeMs + refusal.resets_in * 1_000 - 5_000);
    const latestS = refusal.resets_in + JITTER_MAX_S + MINUTE_S;
    expect(rests).toBeLessThan(Date.now() + latestS * 1_000);
    relent(limited);
    // The reset is days away: a person who switches the profile off and on again lets it be asked anew.
    await command(home, "profile", "set", "max-1", "--disable");
    await command(home, "profile", "set", "max-1", "--enable");
    await command(home, "profile", "check", "max-1");
    await untilLanded(limited);
    const sessions: { providerSession: string; state: string }[] = await command(
      home,
      "session",
      "list",
    );
    expect(new Set(sessions.map(({ providerSession }) => providerSession)).size).toBe(1);
    expect(sessions.map(({ state }) => state)).not.toContain("failed");
  });
});

test("F68: a spend limit is waited for by nobody: the person is told, and one check lets the work go on", {
  tag: "@web",
}, async () => {
  await withLimited({ error: 429, headers: OVERAGE, times: 9 }, async (limited) => {
    await untilParked(limited, /^parked spend: .*spend limit/);
    expect(await showProfile(limited)).toMatchObject({ state: "incident", restsUntil: null });
    expect(await command(limited.home, "inbox")).toMatchObject([
      { kind: "stuck", task: limited.task },
    ]);
    relent(limited);
    await command(limited.home, "profile", "check", "max-1");
    await untilLanded(limited);
  });
});
