import { setTimeout } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import type { ModelCall } from "../../demo/scripted-model/model-call.ts";
import { findClaude } from "../../demo/stand-in/find-claude.ts";
import type { Status } from "../../shared/contract/app-contract.ts";
import type { Session } from "../../shared/model/session.ts";
import { chaosScenario } from "../soak/chaos-plan.ts";
import { type FaultApp, openFaultApp, until, untilLanded } from "./fault-app.ts";

const LOOK_EVERY_MS = 1_000;
const NAMES = ["one", "two"] as const;
const TASKS_EACH = 3;
/** A profile's numbers are told from the other's by being odd or even. */
const FIRST_PERCENT = { one: 1, two: 2 } as const;
/** Else it would be used up, and the profile would rest. */
const STEPS_MAX = 45;
const RESETS_AT_S = Math.floor(Date.now() / 1000) + 4 * 3600;

/** What the meter showed, between two moments at which the model's log was looked at. */
interface Look {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly status: Status;
  readonly sessions: readonly Session[];
}

test("F68: at every second of a run the meter counts the sessions that the model's log shows alive, and tells the windows that the model told", async () => {
  test.setTimeout(300_000);
  await using app = await openFaultApp();
  const { executable } = findClaude();
  for (const name of NAMES) await app.addProfile(name, { executable });
  const sent = { one: new Set<number>(), two: new Set<number>() };
  const tell = (step: number) => {
    const percents = { one: FIRST_PERCENT.one + 2 * step, two: FIRST_PERCENT.two + 2 * step };
    for (const name of NAMES) sent[name].add(percents[name]);
    app.model.setScenario({ ...chaosScenario, profiles: profilesTelling(percents) });
    return percents;
  };
  tell(0);
  const tasks = await Promise.all(
    NAMES.flatMap((name) =>
      Array.from({ length: TASKS_EACH }, (_, index) => app.addTask(`${name}${index}`, name, 0.6)),
    ),
  );

  const looks: Look[] = [];
  const landing = Promise.all(tasks.map((task) => untilLanded(app, task, 270_000)));
  const over = landing.then(
    () => true,
    () => true,
  );
  let step = 0;
  do {
    looks.push(await look(app));
    step = Math.min(step + 1, STEPS_MAX);
    tell(step);
  } while (!(await Promise.race([over, setTimeout(LOOK_EVERY_MS, false)])));
  await landing;
  const end = await until("no session lives", async () => {
    const now = await look(app);
    return now.status.profiles.every(({ live }) => live === 0) && now;
  });
  looks.push(end);

  const calls = app.model.calls.filter(({ role }) => role === "main");
  const alive = looks.flatMap((each) => NAMES.map((name) => judgeSessions(each, name, calls, end)));
  expect(alive.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(tasks.length);
  for (const name of NAMES) judgeWindow(looks, name, sent[name]);
  expect(looks.length).toBeGreaterThan(5);
});

function profilesTelling(percents: Readonly<Record<(typeof NAMES)[number], number>>) {
  const entries = NAMES.map((name) => {
    const five_hour = { utilization: percents[name] / 100, resets_at: RESETS_AT_S };
    return [`01-${name}`, { name, unified: { five_hour } }] as const;
  });
  return Object.fromEntries(entries);
}

async function look(app: FaultApp): Promise<Look> {
  for (;;) {
    const beforeMs = Date.now();
    const before = await app.driver.read("session.list", {});
    const status = await app.driver.read("app.status", {});
    const sessions = await app.driver.read("session.list", {});
    // Only where nothing began or ended between the questions do their answers belong to one moment.
    const isStill = namesOf(before) === namesOf(sessions);
    if (isStill) return { beforeMs, afterMs: Date.now(), status, sessions };
  }
}

const isLive = ({ endedAt, kind }: Session) => endedAt === null && kind === "worker";
const namesOf = (sessions: readonly Session[]) =>
  sessions
    .filter(isLive)
    .map(({ id }) => id)
    .join();

/** Gives how many the log shows alive. It knows nothing of Switchyard: a conversation lives from its first call to its last one, on the login that it called with. */
function judgeSessions(
  { beforeMs, afterMs, status, sessions }: Look,
  name: string,
  calls: readonly ModelCall[],
  end: Look,
): number {
  const live = sessions.filter((session) => isLive(session) && session.profile === name);
  const meter = status.profiles.find((profile) => profile.name === name);
  expect(meter?.live).toBe(live.length);
  expect(live.length).toBeLessThanOrEqual(meter?.cap ?? 0);

  const own = calls.filter(({ profile }) => profile === name);
  const conversations = new Set(own.map(({ session }) => session));
  let alive = 0;
  const shown = new Set<string>(live.map(({ providerSession }) => providerSession));
  for (const conversation of conversations) {
    const its = own.filter(({ session }) => session === conversation);
    const runs = end.sessions.filter(({ providerSession }) => providerSession === conversation);
    // One that went out again was not alive between its sessions, and the log does not say when that was.
    const isAlive =
      runs.length === 1
        ? its.some(({ startMs }) => startMs <= beforeMs) &&
          its.some(({ endMs }) => endMs >= afterMs)
        : its.some(({ startMs, endMs }) => startMs <= beforeMs && endMs >= afterMs);
    if (!isAlive) continue;
    alive += 1;
    expect([...shown], `${conversation} on ${name}`).toContain(conversation);
  }
  // Whoever is shown and not in the log at that moment comes up or goes: the log knows it before or after, on this login alone.
  for (const conversation of shown) {
    const its = calls.filter(({ session }) => session === conversation);
    expect(its.length, `${conversation} called the model`).toBeGreaterThan(0);
    expect(its.every(({ profile }) => profile === name)).toBe(true);
  }
  return alive;
}

function judgeWindow(looks: readonly Look[], name: string, sent: ReadonlySet<number>) {
  let before = 0;
  for (const { status } of looks) {
    const window = status.profiles.find((profile) => profile.name === name)?.windows.fiveHour;
    if (!window) {
      expect(before, "a window that was known is not forgotten").toBe(0);
      continue;
    }
    expect([...sent], `${name} was told ${window.usedPercent} %`).toContain(window.usedPercent);
    expect(window.usedPercent).toBeGreaterThanOrEqual(before);
    expect(window.resetsAt).toBe(new Date(RESETS_AT_S * 1000).toISOString());
    before = window.usedPercent;
  }
  expect(before, `${name} was measured`).toBeGreaterThan(0);
}
