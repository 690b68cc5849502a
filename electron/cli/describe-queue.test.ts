import { expect, test } from "vitest";
import type { CheckResult } from "../../shared/model/check.ts";
import type { Frozen } from "../../shared/model/freeze.ts";
import { EntryId } from "../../shared/model/ids.ts";
import { Project } from "../../shared/model/project.ts";
import { freshPull } from "../../shared/model/pull-request.ts";
import type { QueueEntry } from "../../shared/model/queue-entry.ts";
import { describeChecks } from "./describe-queue.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleEntry, sampleProject, sampleTask } from "./sample-rows.ts";

const FROZEN = /frozen by you until \w{3} \d+ \w{3} 2999, \d\d:\d\d \(/;

function projectWith(queue: Partial<Project["queue"]>): Project {
  return Project.parse({ ...sampleProject, queue: { ...sampleProject.queue, ...queue } });
}

async function listed(project: Project, entries: readonly QueueEntry[] = [sampleEntry]) {
  const handlers = {
    "project.show": () => project,
    "project.list": () => [project],
    "queue.list": () => [...entries],
  };
  return (await runAgainst({ handlers }, "queue", "list")).out;
}

test("a freeze and its end are told by queue list, project list and status", async () => {
  const frozen: Frozen = { by: "person", until: "2999-11-23T08:00:00.000Z" };
  const project = projectWith({ frozen });
  expect(await listed(project)).toMatch(FROZEN);
  const { name, path, target } = project;
  const queue = { state: "running" as const, reason: null, frozen, length: 3, proposed: 2 };
  const status = {
    core: null,
    profiles: [],
    projects: [{ name, path, target, tasks: {}, queue }],
    sessions: {},
    fleet: { isHalted: false, reason: null, since: "2026-11-21T09:00:00.000Z" },
    health: { isRecovering: false, hostSilence: null },
    locks: [],
    settingsProblems: [],
  };
  const handlers = { "project.list": () => [project], "app.status": () => status };
  expect((await runAgainst({ handlers }, "project", "list")).out).toMatch(FROZEN);
  const told = (await runAgainst({ handlers }, "status")).out;
  expect(told).toMatch(FROZEN);
  expect(told).toContain("; 2 wait as pull requests");
});

test("a freeze whose end no core saw is over", async () => {
  const over = projectWith({ frozen: { by: "person", until: "2001-01-01T08:00:00.000Z" } });
  expect(await listed(over)).not.toContain("frozen");
});

test("a queue that is paused and frozen says both", async () => {
  const both = projectWith({
    state: "paused",
    reason: "paused by you",
    frozen: { by: "settings", until: null },
  });
  expect(await listed(both)).toContain(
    "The queue of app is paused (paused by you); frozen by queue.freeze of the settings with no end.",
  );
});

test("where work is proposed, and how its checks are run, is said above the list", async () => {
  const parallel = { atOnce: 2, why: "measured 1.12x" };
  const out = await listed(projectWith({ proposesTo: "origin", parallel }), [sampleEntry]);
  expect(out).toContain("lands as a pull request on origin.\nChecks of");
  expect(out).toContain("run 2 at a time: measured 1.12x.");
  expect(await listed(projectWith({}), [sampleEntry])).not.toContain("lands");
});

test("a hot fix is marked in the list while it waits", async () => {
  const hotfix = { ...sampleEntry, hotfixAt: "2026-11-21T09:00:00.000Z" };
  expect(await listed(projectWith({}), [hotfix])).toContain("hot fix, checking");
  expect(await listed(projectWith({}), [{ ...hotfix, state: "landed" }])).not.toContain("hot fix");
});

test.each<[Partial<QueueEntry>, string]>([
  [{ state: "queued" }, "none has run for it"],
  [{ state: "checking" }, "none has ended yet"],
  [{ state: "landed" }, "that these files pass was known"],
  [{ state: "landed", candidate: null }, "the target had all of it already"],
])("an entry that is %j says why it shows no check", async (patch, words) => {
  const handlers = { "queue.show": () => ({ ...sampleEntry, ...patch }) };
  expect((await runAgainst({ handlers }, "queue", "show", "q-4")).out).toContain(words);
});

test("how a check ended is said in words", () => {
  const ran: CheckResult = {
    ...{ name: "tests", command: "npm test", exitCode: 0, durationMs: 2_400 },
    ...{ reason: null, tail: "" },
  };
  const failing = { ...{ runner: "tap", passed: 1, failed: 1, skipped: 0 }, isWhole: true };
  const tests = { ...failing, failures: ["sorts"], quarantined: [], isExcused: false };
  const cases: readonly [CheckResult, string][] = [
    [ran, "tests passed in 2.4 s"],
    [{ ...ran, exitCode: 3 }, "tests failed with exit code 3 in 2.4 s"],
    [
      { ...ran, exitCode: 1, tests },
      "tests failed with exit code 1 in 2.4 s: 1 of 2 tests fails: sorts",
    ],
    [
      { ...ran, exitCode: null, reason: "it was killed" },
      "tests did not run to its end: it was killed",
    ],
  ];
  for (const [check, words] of cases) expect(describeChecks([check])).toBe(words);
});

test("a pull request is told with its number, its address and what keeps it from being opened", async () => {
  const pullRequest = {
    ...freshPull({ remote: "origin", target: "main" }, null),
    ...{ number: 7, url: "https://github.com/acme/app/pull/7", pushed: sampleEntry.head },
  };
  const proposed: QueueEntry = { ...sampleEntry, state: "proposed", reason: null, pullRequest };
  expect(await listed(projectWith({}), [proposed])).toContain("proposed, #7 on origin");
  expect(await listed(projectWith({}), [proposed])).toContain("of app 1 waits as a pull request.");
  const [problemText, hint] = [
    "origin cannot be reached: no route",
    "It is tried again by itself.",
  ];
  const problem = {
    ...{ kind: "away" as const, text: problemText, hint, tries: 1, nextAt: null },
    since: "2026-11-22T09:00:00.000Z",
  };
  const stuck = { ...proposed, pullRequest: { ...pullRequest, number: null, problem } };
  const handlers = {
    "project.show": () => projectWith({}),
    "queue.push": () => projectWith({}),
    "queue.list": () => [proposed, stuck, { ...stuck, id: EntryId.parse("q-9") }],
    "task.cancel": () => sampleTask({ status: "cancelled" }),
    "queue.hold": (): QueueEntry => ({ ...proposed, state: "held" }),
    "queue.show": () => proposed,
  };
  const shown = await runAgainst({ handlers }, "queue", "show", proposed.id);
  expect(shown.out).toContain("https://github.com/acme/app/pull/7");
  const pushed = await runAgainst({ handlers }, "queue", "push");
  expect(pushed.out + pushed.err).toContain(`${stuck.id}, q-9: ${problemText}`);
  expect(pushed.out + pushed.err).toContain(`${proposed.id}: Pull request #7 waits on origin`);
  expect(pushed.exitCode).not.toBe(0);
  const held = await runAgainst({ handlers }, "queue", "hold", proposed.id);
  expect(held.out).toContain("Pull request #7 stays as it is");
  const cancelled = await runAgainst({ handlers }, "task", "cancel", sampleEntry.task);
  expect(cancelled.out).toContain("t-7 is cancelled.\nPull request #7 stays as it is");
});
