import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { judgeDemo } from "../../demo/judge-demo.ts";
import { runGit } from "../../demo/run-git.ts";
import { createScriptedModel } from "../../demo/scripted-model/create-scripted-model.ts";
import type { TaskId } from "../../shared/model/ids.ts";
import { isOver, type Task } from "../../shared/model/task.ts";
import type { AppHome } from "../app-home.ts";
import { auditQueue } from "../audit/audit-queue.ts";
import { CleanClone } from "../audit/clean-clone.ts";
import { readRows } from "../audit/read-rows.ts";
import { snapshotPerson } from "../audit/snapshot-person.ts";
import { startCore } from "../running-core.ts";
import { checkMixed, type MixedRun } from "./check-mixed.ts";
import { Driver } from "./driver.ts";
import { History } from "./history.ts";
import { type MixedPlan, makeMixedPlan, mixedProfiles } from "./mixed-plan.ts";

export interface MixedOptions {
  readonly home: AppHome;
  /** Claude Code, or what stands in for it. */
  readonly executable: string;
  readonly limitMs: number;
  readonly onProgress: (line: string) => void;
}

export interface MixedSummary {
  readonly findings: readonly { readonly kind: string; readonly text: string }[];
  readonly tasks: number;
  readonly landed: number;
  readonly returned: readonly string[];
  /** Commits of the target since the run began, each checked again. */
  readonly commits: number;
  /** Of the queue, green and red. */
  readonly verdicts: number;
  readonly tookS: number;
}

const PROJECT = "library";
const LOOK_EVERY_MS = 500;

/** Lets the mixed plan be worked on, until each task has landed or waits for a person; then judges what came of it. */
export async function runMixed(options: MixedOptions): Promise<MixedSummary> {
  await using ends = new AsyncDisposableStack();
  const { home } = options;
  const plan = makeMixedPlan(home.workFolder);
  const log = path.join(home.workFolder, "model-calls.jsonl");
  const model = createScriptedModel({ scenario: plan.scenario, log });
  ends.defer(() => model.close());
  await model.listen(0);
  ends.use(await startCore(home));
  const history = new History(path.join(home.workFolder, "history.jsonl"));
  const driver = ends.use(new Driver(home, history));
  const person = snapshotPerson(plan.repository);

  const startedMs = performance.now();
  await furnish(driver, plan, options.executable, model.url);
  const ids = await createTasks(driver, plan);
  const all = await untilDone(driver, ids, options);
  const tookS = Math.round((performance.now() - startedMs) / 1000);

  const entries = await driver.read("queue.list", { isWithClosed: true });
  const sessions = await driver.read("session.list", {});
  const run: MixedRun = { tasks: nameTasks(plan, ids, all), entries };
  const profiles = mixedProfiles.map(({ token, ...rest }) => ({ ...rest, tail: token.slice(-6) }));
  await driver.call("app.stop", { keepSessions: false });
  // From here on the test that fails now and then does not.
  rmSync(plan.weather, { recursive: true });
  const { repository, target, from: start } = plan;
  const check = ["sh", "-c", plan.check];
  const { red, commits } = checkEveryCommit(plan, check);
  const audit = { home: home.folder, repository, target, start, check, person };
  return {
    findings: [
      ...checkMixed(run).map((text) => ({ kind: "end", text })),
      ...judgeDemo(model.calls, sessions, profiles),
      ...red.map((text) => ({ kind: "commit", text })),
      ...auditQueue(audit).map((text) => ({ kind: "audit", text })),
    ],
    tasks: all.length,
    landed: all.filter(({ status }) => status === "landed").length,
    returned: entries
      .filter(({ state }) => state === "returned")
      .map(({ id, task, reason, files }) => [`${id} of ${task} ${reason}`, ...files].join(", ")),
    commits,
    verdicts: readRows(home.folder, repository, target).verdicts.length,
    tookS,
  };
}

async function furnish(
  driver: Driver,
  plan: MixedPlan,
  executable: string,
  modelUrl: string,
): Promise<void> {
  for (const { name, plan: tier, cap, token } of mixedProfiles) {
    const env = {
      ANTHROPIC_BASE_URL: modelUrl,
      CLAUDE_CODE_OAUTH_TOKEN: token,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
    };
    const { dir } = await driver.read("profile.add", { name, plan: tier, cap, executable, env });
    // Workers wait for each other in a loop, for which they would have to ask.
    const settings = JSON.stringify({ permissions: { allow: ["Bash"] } });
    if (dir !== null) writeFileSync(path.join(dir, "settings.json"), settings);
    await driver.read("profile.check", { name });
  }
  await driver.read("project.add", {
    path: plan.repository,
    name: PROJECT,
    target: plan.target,
    checks: [{ name: "tests", run: plan.check, timeoutMs: 60_000 }],
    approve: "auto",
    maxWorkers: mixedProfiles.reduce((sum, { cap }) => sum + cap, 0),
  });
}

async function createTasks(driver: Driver, plan: MixedPlan): Promise<ReadonlyMap<string, TaskId>> {
  const { id } = await driver.read("plan.create", {
    project: PROJECT,
    title: "Mixed",
    isDraft: true,
  });
  const ids = new Map<string, TaskId>();
  for (const { key, body, after } of plan.tasks) {
    const waitsFor = after.flatMap((each) => ids.get(each) ?? []);
    const asked = { project: PROJECT, plan: id, title: key, body, after: waitsFor };
    ids.set(key, (await driver.read("task.create", asked)).id);
  }
  await driver.read("plan.activate", { plan: id });
  return ids;
}

/** All tasks of the project, those that the app made by itself included. Returns too when the time is over. */
async function untilDone(
  driver: Driver,
  ids: ReadonlyMap<string, TaskId>,
  { limitMs, onProgress }: MixedOptions,
): Promise<readonly Task[]> {
  const deadline = performance.now() + limitMs;
  for (let told = ""; ; ) {
    const tasks = await driver.read("task.list", {});
    const done = tasks.filter(({ status }) => isOver(status) || status === "needs-input");
    const landed = tasks.filter(({ status }) => status === "landed");
    const line = `${landed.length} of ${tasks.length} have landed, ${done.length - landed.length} do not go on`;
    if (line !== told) onProgress(line);
    told = line;
    const isDone = tasks.length >= ids.size && done.length === tasks.length;
    if (isDone || performance.now() > deadline) return tasks;
    await setTimeout(LOOK_EVERY_MS);
  }
}

function nameTasks(
  plan: MixedPlan,
  ids: ReadonlyMap<string, TaskId>,
  all: readonly Task[],
): MixedRun["tasks"] {
  const planned = plan.tasks.map(({ key, race }) => {
    const task = all.find(({ id }) => id === ids.get(key));
    if (!task) throw new Error(`the task ${key} is gone`);
    return { key, race, id: task.id, status: task.status };
  });
  const own = all.filter(({ id }) => planned.every((task) => task.id !== id));
  return [
    ...planned,
    ...own.map(({ id, title, status }) => ({ key: title, race: null, id, status })),
  ];
}

function checkEveryCommit(
  { repository, target, from }: MixedPlan,
  check: readonly string[],
): { readonly red: readonly string[]; readonly commits: number } {
  using clone = new CleanClone(repository);
  const range = `${from}..refs/heads/${target}`;
  const commits = runGit(repository, "rev-list", "--first-parent", range).trim().split("\n");
  const red = commits.filter((commit) => !clone.passes(commit, [check]));
  return {
    red: red.map((commit) => `${commit} of ${target} is red when it is checked again.`),
    commits: commits.length,
  };
}
