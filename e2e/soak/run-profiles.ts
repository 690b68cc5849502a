import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { createScriptedModel } from "../../demo/scripted-model/create-scripted-model.ts";
import type { Event } from "../../shared/model/event.ts";
import type { ProfileName, TaskId } from "../../shared/model/ids.ts";
import { isOver, type Task } from "../../shared/model/task.ts";
import type { AppHome } from "../app-home.ts";
import { until } from "../faults/fault-app.ts";
import { startCore } from "../running-core.ts";
import { makeChaosRepository, writeWork } from "./chaos-plan.ts";
import { checkHistory, type Finding } from "./check-history.ts";
import { checkProfiles, type ProfilesFigures, type ProfilesFinding } from "./check-profiles.ts";
import { collectAftermath, readEvents } from "./collect-aftermath.ts";
import { Driver } from "./driver.ts";
import { History } from "./history.ts";
import { type Look, lookAtMeter } from "./look-at-meter.ts";
import { REVOKED, SINGLE, simulatedProfiles } from "./profiles-plan.ts";
import type { ProfileChange, ProfilesRun } from "./profiles-run.ts";
import { createRandom, type Random } from "./random.ts";
import { SimulatedProvider } from "./simulated-provider.ts";

export interface ProfilesOptions {
  readonly home: AppHome;
  readonly executable: string;
  readonly seed: number;
  readonly tasks: number;
  /** About how long each of a task's parts waits for the model. */
  readonly paceS: number;
  readonly limitMs: number;
  /** Gets all that is judged, as JSON. */
  readonly runFile: string;
  readonly onProgress: (line: string) => void;
}

export interface ProfilesSummary {
  readonly findings: readonly (ProfilesFinding | Finding)[];
  readonly figures: ProfilesFigures;
  readonly aloneMs: ProfilesRun["aloneMs"];
}

const PROJECT = "ledger";
const LOOK_EVERY_MS = 1_000;
const TELL_EVERY_MS = 100;
/** Two of them: the first only warms up. */
const ALONE = 2;
const ALONE_PACE_S = 2;
/** Tasks differ so much in length. */
const SPREAD = 0.15;
/** The reset comes after so many parts' time: the window is used up before that, and work is left after it. */
const RESET_AFTER_PARTS = 4;
/** A person takes a while to sign in again. */
const SIGN_IN_MS = 20_000;

/** Lets tasks land over profiles of which one comes to its limit, one loses its login and one is refused a session; then judges by the model's log. */
export async function runProfiles(options: ProfilesOptions): Promise<ProfilesSummary> {
  await using ends = new AsyncDisposableStack();
  const { home } = options;
  const model = createScriptedModel({ log: path.join(home.workFolder, "model-calls.jsonl") });
  ends.defer(() => model.close());
  await model.listen(0);
  ends.use(await startCore(home));
  // A task waits for its profile longer than what else looks like silence.
  writeFileSync(path.join(home.folder, "config.yaml"), "guards: { silence-minutes: off }\n");
  const history = new History(path.join(home.workFolder, "history.jsonl"));
  const driver = ends.use(new Driver(home, history));
  const simulation = new Simulation(options, model, driver, history);
  await simulation.furnish();
  await simulation.measureAlone();
  await simulation.play();
  return await simulation.judge();
}

class Simulation {
  readonly #options: ProfilesOptions;
  readonly #model: ReturnType<typeof createScriptedModel>;
  readonly #provider: SimulatedProvider;
  readonly #driver: Driver;
  readonly #history: History;
  readonly #random: Random;
  readonly #repository: ReturnType<typeof makeChaosRepository>;
  readonly #looks: Look[] = [];
  readonly #tasks: TaskId[] = [];
  #aloneMs = { before: 0, after: 0 };
  #startedMs = 0;

  constructor(
    options: ProfilesOptions,
    model: ReturnType<typeof createScriptedModel>,
    driver: Driver,
    history: History,
  ) {
    this.#options = options;
    this.#model = model;
    this.#provider = new SimulatedProvider(model, options.onProgress);
    this.#driver = driver;
    this.#history = history;
    this.#random = createRandom(options.seed);
    this.#repository = makeChaosRepository(options.home.workFolder);
  }

  async furnish(): Promise<void> {
    this.#provider.tell();
    for (const { name, plan, cap, token } of simulatedProfiles) {
      const env = {
        ANTHROPIC_BASE_URL: this.#model.url,
        CLAUDE_CODE_OAUTH_TOKEN: token,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
        // By itself it tries ten times before it says that it is refused.
        CLAUDE_CODE_MAX_RETRIES: "1",
      };
      const { executable } = this.#options;
      const added = { name, plan, cap, executable, env };
      const { dir } = await this.#driver.read("profile.add", added);
      // What waits for the model draws meanwhile: of 26 programs at once that takes a core and more.
      const settings = JSON.stringify({ prefersReducedMotion: true, spinnerTipsEnabled: false });
      if (dir !== null) writeFileSync(path.join(dir, "settings.json"), settings);
    }
    const { path: repository, target, check } = this.#repository;
    await this.#driver.read("project.add", {
      path: repository,
      name: PROJECT,
      target,
      checks: [{ name: "whole", run: check, timeoutMs: 60_000 }],
      approve: "auto",
      maxWorkers: simulatedProfiles.reduce((sum, { cap }) => sum + cap, 0),
      strategy: "least-loaded",
    });
  }

  /** What a session takes around its calls when nothing else runs: the ideal knows no other cost. */
  async measureAlone(): Promise<void> {
    for (let n = 1; n <= ALONE; n += 1) {
      const { id } = await this.#driver.read("task.create", {
        project: PROJECT,
        title: `Alone ${n}`,
        body: writeWork(`alone-${n}`, ALONE_PACE_S),
        pinnedProfile: SINGLE,
      });
      await this.#untilLanded([id]);
      const session = await until(`the session of ${id} has ended`, async () => {
        const sessions = await this.#driver.read("session.list", {});
        return sessions.find(({ task, endedAt }) => task === id && endedAt !== null);
      });
      const calls = this.#model.calls.filter((call) => call.session === session.providerSession);
      const main = calls.filter(({ role }) => role === "main");
      if (session.endedAt === null || main.length === 0) throw new Error(`${id} left no trace`);
      const firstMs = Math.min(...main.map(({ startMs }) => startMs));
      const lastMs = Math.max(...main.map(({ endMs }) => endMs));
      this.#aloneMs = {
        before: firstMs - Date.parse(session.startedAt),
        after: Date.parse(session.endedAt) - lastMs,
      };
    }
    const { before, after } = this.#aloneMs;
    this.#note(`alone, a session takes ${before} ms before its first call and ${after} ms after`);
  }

  async play(): Promise<void> {
    const { tasks, paceS } = this.#options;
    const plan = await this.#driver.read("plan.create", {
      project: PROJECT,
      title: "Simulated",
      isDraft: true,
    });
    for (let n = 1; n <= tasks; n += 1) {
      const own = paceS * (1 + SPREAD * (2 * this.#random.next() - 1));
      const { id } = await this.#driver.read("task.create", {
        project: PROJECT,
        plan: plan.id,
        title: `Write piece-${n}`,
        body: writeWork(`piece-${n}`, Math.round(own * 10) / 10),
      });
      this.#tasks.push(id);
    }
    this.#startedMs = Date.now();
    this.#provider.begin(this.#startedMs, this.#startedMs + RESET_AFTER_PARTS * paceS * 1000);
    await this.#driver.read("plan.activate", { plan: plan.id });
    const over = new AbortController();
    await Promise.all([
      this.#untilLanded(this.#tasks).finally(() => over.abort()),
      this.#keepTelling(over.signal),
      this.#keepLooking(over.signal),
    ]);
  }

  async judge(): Promise<ProfilesSummary> {
    const sessions = await this.#driver.read("session.list", {});
    const tasks = await this.#driver.read("task.list", {});
    const events = await readEvents(this.#driver);
    const { path: repository, target, from, testedFile } = this.#repository;
    const after = await collectAftermath(this.#driver, this.#options.home, {
      projects: [{ project: PROJECT, path: repository, target, from }],
      testedFile,
      panes: () => [],
    });
    const run: ProfilesRun = {
      startedMs: this.#startedMs,
      tasks: this.#tasks.map((id) => {
        const task = tasks.find((each) => each.id === id);
        const at = task?.landed?.at;
        const { status = "gone", reason = null } = task ?? {};
        return { id, status, reason, landedMs: at ? Date.parse(at) : null };
      }),
      sessions: sessions
        .map(({ id, task, profile, providerSession, startedAt, endedAt }) => ({
          id,
          task,
          profile,
          providerSession,
          startedMs: Date.parse(startedAt),
          endedMs: endedAt === null ? null : Date.parse(endedAt),
        }))
        .toSorted((a, b) => a.startedMs - b.startedMs),
      calls: this.#model.calls.filter(({ startMs }) => startMs >= this.#startedMs),
      changes: this.#changesIn(events),
      profiles: simulatedProfiles.map(({ name, cap }) => ({ name, cap })),
      troubles: this.#provider.troubles(),
      aloneMs: this.#aloneMs,
      looks: this.#looks,
    };
    writeFileSync(this.#options.runFile, JSON.stringify(run));
    const { findings, figures } = checkProfiles(run);
    const all = [...findings, ...checkHistory(this.#history.lines, after)];
    return { findings: all, figures, aloneMs: this.#aloneMs };
  }

  #changesIn(events: readonly Event[]) {
    return events
      .filter(({ kind, at }) => kind === "profile.state" && Date.parse(at) >= this.#startedMs)
      .map(({ at, subject, data }): ProfileChange => {
        const { restsUntil, learnedCap } = data;
        return {
          atMs: Date.parse(at),
          profile: subject,
          from: String(data.from),
          to: String(data.to),
          restsUntilMs: typeof restsUntil === "string" ? Date.parse(restsUntil) : null,
          learnedCap: typeof learnedCap === "number" ? learnedCap : null,
        };
      });
  }

  async #keepTelling(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#provider.tell();
      if (this.#provider.isRevoked) await this.#signInAgain(signal);
      await setTimeout(TELL_EVERY_MS);
    }
  }

  /** Once the app knows that nobody is signed in, somebody is again, and the same look as after a sign-in finds that out. */
  async #signInAgain(signal: AbortSignal): Promise<void> {
    const { profiles } = await this.#driver.read("app.status", {});
    if (profiles.find(({ name }) => name === REVOKED)?.state !== "signed-out") return;
    const untilMs = Date.now() + SIGN_IN_MS;
    while (Date.now() < untilMs && !signal.aborted) {
      this.#provider.tell();
      await setTimeout(TELL_EVERY_MS);
    }
    this.#provider.signIn();
    // The core reads it as the same name: it was made so.
    await this.#driver.read("profile.check", { name: REVOKED as ProfileName });
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const beganMs = performance.now();
      this.#looks.push(await lookAtMeter(this.#driver));
      await setTimeout(Math.max(0, LOOK_EVERY_MS - (performance.now() - beganMs)));
    }
  }

  /** Returns too when one is stuck or the time is over: what has not landed is a finding. */
  async #untilLanded(ids: readonly TaskId[]): Promise<void> {
    const deadline = performance.now() + this.#options.limitMs;
    for (let last = -1; performance.now() < deadline; ) {
      const all = await this.#driver.read("task.list", {});
      const tasks = all.filter(({ id }) => ids.includes(id));
      const landed = tasks.filter(({ status }) => status === "landed").length;
      if (landed !== last && landed % 5 === 0)
        this.#note(`${landed} of ${tasks.length} have landed`);
      last = landed;
      if (landed === tasks.length || tasks.some(isStuck)) return;
      await setTimeout(TELL_EVERY_MS * 2);
    }
  }

  #note(line: string): void {
    this.#options.onProgress(line);
  }
}

/** What it waits for is no provider and comes from nobody here. */
function isStuck(task: Task): boolean {
  return task.status === "needs-input" || (isOver(task.status) && task.status !== "landed");
}
