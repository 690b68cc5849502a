import fc from "fast-check";
import { expect, test } from "vitest";
import {
  checksOf,
  pullRequestRemoteOf,
  pushRemoteOf,
  type Settings,
} from "../../../shared/model/settings.ts";
import { mergeSettings, readSettings } from "./read-settings.ts";

const PUBLISHED = `version: 1
target: main
worktrees: { location: default, copy: [".env", ".env.local"], setup: "npm ci", include-changes: ask }
checks: [{ name: unit, run: "npm test", timeout: 20m, retries: 1 }]
queue: { land: merge, approve: auto, parallel-checks: 1, batch: auto, push: off }
dispatch: { strategy: least-loaded, max-workers: 6, pilot: 0, hours: [] }
locks: { build: { slots: 1, commands: ["npm run build", "cargo build"] } }
agents:
  worker: { provider: claude, model: default, permission-mode: acceptEdits, allow: ["Bash(git *)"], handoff-at: 140000 }
  steward: { provider: claude, model: default }
  director: { provider: claude, model: default }
guards: { destructive: default, budget-usd-per-task: off, idle-minutes: 60 }
`;

function good(text: string): Settings {
  const reading = readSettings("config.yaml", text);
  if (reading.kind === "bad") throw new Error(reading.message);
  return reading.settings;
}
const check = (text: string, ...expected: string[]) => {
  const reading = readSettings("config.yaml", text);
  expect(reading.kind === "bad" ? reading.message.split("\n") : reading.kind).toEqual(expected);
};

test("the published example is good, and its times are milliseconds", () => {
  const settings = good(PUBLISHED);
  expect(checksOf(settings)).toEqual([{ name: "unit", run: "npm test", timeoutMs: 1_200_000 }]);
  expect(settings.guards?.["budget-usd-per-task"]).toBe("off");
});

test("every key can be left out, the whole file included", () => {
  expect(good("")).toEqual({});
  expect(good("# nothing yet\n")).toEqual({});
  expect(checksOf(good("checks: [{ name: a, run: b }]"))).toEqual([
    { name: "a", run: "b", timeoutMs: 1_800_000 },
  ]);
});

test("landings are pushed to a remote by its name, to none, or by the old word to origin", () => {
  const remoteOf = (push: string) => pushRemoteOf(good(`queue: { push: ${push} }`));
  expect(["upstream", "off", "on", "a/b.c-1"].map(remoteOf)).toEqual([
    "upstream",
    null,
    "origin",
    "a/b.c-1",
  ]);
  expect(pushRemoteOf(good(""))).toBeNull();
  for (const push of ['"--force"', '"https://ada:x@host/r.git"', '"a b"', "true"])
    check(
      `queue: { push: ${push} }`,
      `config.yaml:1: queue.push: ${push} is not right. Write the name of a remote such as origin, or off.`,
    );
});

test("work is proposed at a remote, or pushed to one after it has landed, and never both", () => {
  const both = { ...good("queue: { push: origin }").queue, "pull-requests": "fork" };
  expect(pullRequestRemoteOf({ queue: both })).toBe("fork");
  expect(pushRemoteOf({ queue: both })).toBeNull();
  expect(pullRequestRemoteOf(good("queue: { pull-requests: off, push: origin }"))).toBeNull();
  check(
    "queue:\n  push: origin\n  pull-requests: origin",
    'config.yaml:3: queue.pull-requests: "origin" is not right. Work is pushed after it has landed, or proposed and merged there: leave out queue.push, or this.',
  );
});

test("a check says whether it runs tests, and where its report is, within the project", () => {
  const [told] =
    good("checks: [{ name: a, run: b, tests: true, report: out/junit.xml }]").checks ?? [];
  expect(told).toMatchObject({ tests: true, report: "out/junit.xml" });
  const right = "Name a file or folder within the project, e.g. junit.xml.";
  for (const place of ["/etc/passwd", "../x.xml", "a/../../x", "C:/x.xml", "..\\\\x"])
    check(
      `checks: [{ name: a, run: b, report: "${place}" }]`,
      `config.yaml:1: checks.0.report: "${place}" is not right. ${right}`,
    );
  check(
    "checks: [{ name: a, run: b, tests: maybe }]",
    'config.yaml:1: checks.0.tests: "maybe" is not right. Write true or false.',
  );
});

test("how many runs of checks go on at once is auto or a number", () => {
  expect(good("queue: { parallel-checks: auto }").queue).toEqual({ "parallel-checks": "auto" });
  const told = {
    zero: '"zero" is not right. Write auto, or a number from 1 to 32.',
    "[2]": "[2] is not right. Write auto, or a number from 1 to 32.",
    "0": "0 is not right. It is at least 1.",
    "33": "33 is not right. It is at most 32.",
  };
  for (const [wrong, why] of Object.entries(told))
    check(`queue: { parallel-checks: ${wrong} }`, `config.yaml:1: queue.parallel-checks: ${why}`);
});

test("a place that a set-up reads is in the repository", () => {
  for (const place of ["../schema", "/etc", "db/.git/x"]) {
    check(
      `queue: { setup-from: [package.json, "${place}"] }`,
      `config.yaml:1: queue.setup-from.1: "${place}" is not right. Name a file or folder such as package.json or db/schema.`,
    );
  }
});

test("an unknown key is named with its line and the keys that exist there", () => {
  check(
    "version: 1\nqueue:\n  land: merge\n  aprove: auto\n",
    "config.yaml:4: queue.aprove: there is no such key. Known here: land, approve, parallel-checks, batch, order, tools, env, caches, setup, setup-from, resolver, push, pull-requests, freeze.",
  );
  check(
    "locks:\n  build: { slot: 1 }\nagents:\n  worker:\n    modle: x\n",
    "config.yaml:2: locks.build.slot: there is no such key. Known here: slots, commands.",
    "config.yaml:5: agents.worker.modle: there is no such key. Known here: provider, model, permission-mode, sandbox, allow, handoff-at, handoffs-max.",
  );
});

test("a wrong type or value is named with its line and what would be right", () => {
  check("target: 5\n", "config.yaml:1: target: 5 is not right. It is a text.");
  check(
    "\nqueue: { land: fast }",
    'config.yaml:2: queue.land: "fast" is not right. It is one of: merge, squash, rebase.',
  );
  check(
    "dispatch:\n  max-workers: 0",
    "config.yaml:2: dispatch.max-workers: 0 is not right. It is at least 1.",
  );
  check(
    "dispatch:\n  max-workers: 2.5",
    "config.yaml:2: dispatch.max-workers: 2.5 is not right. It is a whole number.",
  );
  check(
    "checks: npm test",
    'config.yaml:1: checks: "npm test" is not right. It is a list: [a, b].',
  );
  check("version: 2", "config.yaml:1: version: 2 is not right. It is 1.");
  check(
    "guards:\n  idle-minutes: never",
    'config.yaml:2: guards.idle-minutes: "never" is not right. Write a number of minutes, or off.',
  );
  check(
    "locks:\n  Build: {}",
    "config.yaml:2: locks.Build: {} is not right. Name a lock with small letters, digits and dashes.",
  );
});

test("where sessions go is said in whole rules", () => {
  check(
    "dispatch:\n  pools:\n    ui: { profiles: [max-1] }",
    'config.yaml:3: dispatch.pools.ui: {"profiles":["max-1"]} is not right. Name labels or roles, or nothing goes there.',
  );
  check(
    "dispatch:\n  pools:\n    ui: { profiles: [], labels: [ui] }",
    "config.yaml:3: dispatch.pools.ui.profiles: [] is not right. It cannot be empty.",
  );
  check(
    "dispatch:\n  pools:\n    ui: { profile: max-1, profiles: [max-1], labels: [ui] }",
    "config.yaml:3: dispatch.pools.ui.profile: there is no such key. Known here: profiles, labels, roles.",
  );
  check(
    "dispatch:\n  weights: { max-1: 0 }",
    "config.yaml:2: dispatch.weights.max-1: 0 is not right. It is at least 0.01.",
  );
  check(
    "dispatch:\n  reserve: { window-percent: 100 }",
    "config.yaml:2: dispatch.reserve.window-percent: 100 is not right. It is at most 90.",
  );
  check(
    "dispatch:\n  strategy: fastest",
    'config.yaml:2: dispatch.strategy: "fastest" is not right. It is one of: fill, round-robin, least-loaded, weighted.',
  );
});

test("working hours are spans or cron lines, and each mistake in one is named", () => {
  const zone = "dispatch:\n  time-zone: Europe/Berlin\n  hours:\n";
  expect(good(`${zone}    - { at: "0 18 * * mon-fri", workers: all, essential: [fix] }\n`)).toEqual(
    {
      dispatch: {
        "time-zone": "Europe/Berlin",
        hours: [{ at: "0 18 * * mon-fri", workers: "all", essential: ["fix"] }],
      },
    },
  );
  check(
    "dispatch:\n  hours: [at night]",
    'config.yaml:2: dispatch.hours.0: "at night" is not right. Write a span such as "mon-fri 18:00-08:00", or { at: "0 18 * * mon-fri", workers: 4 }.',
  );
  check(
    "dispatch:\n  time-zone: Mars/Base",
    'config.yaml:2: dispatch.time-zone: "Mars/Base" is not right. Write a time zone such as Europe/Berlin.',
  );
  check(
    `${zone}    - { at: "0 25 * * *", workers: 1 }\n`,
    'config.yaml:4: dispatch.hours.0.at: "0 25 * * *" is not right. Write a cron line such as "0 18 * * mon-fri": minute, hour, day, month, weekday.',
  );
  check(
    `${zone}    - { at: "0 8 31 2 *", workers: 1 }\n`,
    'config.yaml:4: dispatch.hours.0.at: "0 8 31 2 *" is not right. This time never comes; write a cron line such as "0 18 * * mon-fri": minute, hour, day, month, weekday.',
  );
  check(
    `${zone}    - { at: "0 8 * * *", workers: -1 }\n`,
    "config.yaml:4: dispatch.hours.0.workers: -1 is not right. It is at least 0.",
  );
  check(
    `${zone}    - { at: "0 8 * * *", worker: 1, workers: 1 }\n`,
    "config.yaml:4: dispatch.hours.0.worker: there is no such key. Known here: at, workers, essential.",
  );
  check(
    `${zone}    - "18:00-08:00"\n    - { at: "0 8 * * *", workers: 1 }\n`,
    expect.stringContaining('Write either spans such as "mon-fri 18:00-08:00" or lines'),
  );
});

test("every check is looked at on its own line", () => {
  check(
    "checks:\n  - name: unit\n    run: npm test\n    timeout: 20\n  - name: lint\n",
    "config.yaml:4: checks.0.timeout: 20 is not right. Write a time such as 90s, 20m or 2h.",
    "config.yaml:5: checks.1.run: it is missing. It is a text.",
  );
});

test("text that is not YAML, or not a map, is refused with its line", () => {
  check(
    "queue:\n  land: [merge\n",
    expect.stringMatching(/^config\.yaml:\d: it is not valid YAML: /),
  );
  check("- a\n", 'config.yaml:1: ["a"] is not right. It is a map: { key: value }.');
  check("target: a\ntarget: b\n", expect.stringContaining("config.yaml:2: it is not valid YAML"));
});

test("a project's settings win, key by key", () => {
  const person = good(
    "target: main\nqueue: { land: squash, approve: human }\nchecks: [{ name: a, run: a }]",
  );
  const project = good("queue: { land: merge }\nchecks: [{ name: b, run: b }]");
  expect(mergeSettings(person, project)).toEqual({
    target: "main",
    queue: { land: "merge", approve: "human" },
    checks: [{ name: "b", run: "b" }],
  });
});

test("whatever a file says, reading it gives an answer, and every problem has a line of the file", () => {
  const pieces = fc.array(
    fc.constantFrom(
      ...PUBLISHED.split(/(?<=[\s{}[\],:])/),
      "x",
      "{",
      "*a",
      "&a ",
      "\n",
      "  ",
      "!!",
      "off",
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join("");
      const reading = readSettings("config.yaml", text);
      if (reading.kind === "good") return;
      expect(reading.problems.length).toBeGreaterThan(0);
      for (const { line, right } of reading.problems) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(text.split("\n").length);
        expect(right).not.toBe("");
      }
    }),
    { numRuns: 2000 },
  );
});
