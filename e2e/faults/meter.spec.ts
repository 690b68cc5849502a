import { setTimeout } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { findClaude } from "../../demo/stand-in/find-claude.ts";
import { chaosScenario } from "../soak/chaos-plan.ts";
import { judgeLook, type Look, lookAtMeter } from "../soak/look-at-meter.ts";
import { openFaultApp, until, untilLanded } from "./fault-app.ts";

const LOOK_EVERY_MS = 1_000;
const NAMES = ["one", "two"] as const;
const TASKS_EACH = 3;
/** A profile's numbers are told from the other's by being odd or even. */
const FIRST_PERCENT = { one: 1, two: 2 } as const;
/** Else it would be used up, and the profile would rest. */
const STEPS_MAX = 45;
const RESETS_AT_S = Math.floor(Date.now() / 1000) + 4 * 3600;

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
    looks.push(await lookAtMeter(app.driver));
    step = Math.min(step + 1, STEPS_MAX);
    tell(step);
  } while (!(await Promise.race([over, setTimeout(LOOK_EVERY_MS, false)])));
  await landing;
  const end = await until("no session lives", async () => {
    const now = await lookAtMeter(app.driver);
    return now.status.profiles.every(({ live }) => live === 0) && now;
  });
  looks.push(end);

  const calls = app.model.calls.filter(({ role }) => role === "main");
  const judged = looks.flatMap((each) =>
    NAMES.map((name) => judgeLook(each, name, calls, end.sessions)),
  );
  expect(judged.flatMap(({ troubles }) => troubles)).toEqual([]);
  expect(judged.reduce((sum, { alive }) => sum + alive, 0)).toBeGreaterThan(tasks.length);
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
