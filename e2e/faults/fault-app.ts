import path from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  createScriptedModel,
  type ScriptedModel,
} from "../../demo/scripted-model/create-scripted-model.ts";
import { STAND_IN } from "../../demo/stand-in/find-claude.ts";
import type { SessionId, TaskId } from "../../shared/model/ids.ts";
import type { Session } from "../../shared/model/session.ts";
import type { Task } from "../../shared/model/task.ts";
import { type AppHome, createAppHome } from "../app-home.ts";
import { type CoreOptions, type RunningCore, startCore } from "../running-core.ts";
import {
  type ChaosRepository,
  chaosScenario,
  makeChaosRepository,
  writeWork,
} from "../soak/chaos-plan.ts";
import { Driver } from "../soak/driver.ts";
import { History } from "../soak/history.ts";

export const PROJECT = "ledger";
const LOOK_EVERY_MS = 50;

/** The real core in a process of its own, with workers that the stand-in plays, for a test that breaks something. */
export interface FaultApp extends AsyncDisposable {
  readonly home: AppHome;
  readonly driver: Driver;
  readonly model: ScriptedModel;
  readonly repository: ChaosRepository;
  core: RunningCore;
  /** kill -9, and another one in its place. */
  replaceCore(): Promise<void>;
  addProfile(
    name: string,
    more?: { readonly fault?: string; readonly executable?: string; readonly dir?: string },
  ): Promise<void>;
  /** A task whose work takes three times `paceS`. */
  addTask(name: string, profile: string, paceS?: number): Promise<TaskId>;
  task(id: TaskId): Promise<Task>;
  /** The task's sessions, the first one first. */
  sessionsOf(id: TaskId): Promise<readonly Session[]>;
}

export async function openFaultApp(
  options: CoreOptions & { readonly below?: string } = {},
): Promise<FaultApp> {
  await using opening = new AsyncDisposableStack();
  const model = createScriptedModel({ scenario: chaosScenario });
  opening.defer(() => model.close());
  await model.listen(0);
  const home = opening.use(await createAppHome({}, options.below));
  const repository = makeChaosRepository(home.workFolder);
  const driver = opening.use(new Driver(home, new History(path.join(home.workFolder, "history"))));
  const first = await startCore(home, options);
  const token = "switchyard-fault-01";
  const app: Omit<FaultApp, typeof Symbol.asyncDispose> = {
    home,
    driver,
    model,
    repository,
    core: first,
    async replaceCore() {
      app.core.kill();
      await app.core.ended;
      await driver.disconnect();
      app.core = await startCore(home, options);
    },
    async addProfile(name, { fault, executable = STAND_IN, dir } = {}) {
      const env = {
        ANTHROPIC_BASE_URL: model.url,
        CLAUDE_CODE_OAUTH_TOKEN: `${token}-${name}`,
        ...(fault === undefined ? {} : { STAND_IN_FAULT: fault }),
      };
      const where = dir === undefined ? {} : { dir };
      await driver.read("profile.add", { name, plan: "max", cap: 2, executable, env, ...where });
    },
    async addTask(name, profile, paceS = 0) {
      const { id } = await driver.read("task.create", {
        project: PROJECT,
        title: `Write ${name}`,
        body: writeWork(name, paceS),
        pinnedProfile: profile,
      });
      return id;
    },
    task: (task) => driver.read("task.show", { task }),
    async sessionsOf(task) {
      const sessions = await driver.read("session.list", {});
      return sessions
        .filter((session) => session.task === task)
        .toSorted((one, other) => numberOf(one.id) - numberOf(other.id));
    },
  };
  const { path: repositoryPath, target, check } = repository;
  await driver.read("project.add", {
    path: repositoryPath,
    name: PROJECT,
    target,
    checks: [{ name: "whole", run: check, timeoutMs: 60_000 }],
    approve: "auto",
    maxWorkers: 6,
  });
  const opened = opening.move();
  return Object.assign(app, {
    async [Symbol.asyncDispose]() {
      await driver.call("app.stop", { keepSessions: false });
      await app.core[Symbol.asyncDispose]();
      await opened.disposeAsync();
    },
  });
}

/** Looks until `look` gives something, and answers with it. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  limitMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`within ${limitMs / 1000} s not: ${what}`);
    await setTimeout(LOOK_EVERY_MS);
  }
}

export function untilLanded(app: FaultApp, task: TaskId, limitMs = 60_000): Promise<Task> {
  return until(
    `${task} lands`,
    async () => {
      const now = await app.task(task);
      if (now.status === "failed" || now.status === "needs-input")
        throw new Error(`${task} is ${now.status}: ${now.reason}`);
      return now.status === "landed" && now;
    },
    limitMs,
  );
}

function numberOf(id: SessionId): number {
  return Number(id.slice(2));
}
