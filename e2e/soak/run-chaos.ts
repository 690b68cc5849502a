import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { createScriptedModel } from "../../demo/scripted-model/create-scripted-model.ts";
import { isLive, type Session } from "../../shared/model/session.ts";
import type { Task } from "../../shared/model/task.ts";
import type { AppHome } from "../app-home.ts";
import { hostPid, isThere, signal as sendSignal } from "../faults/tools/processes.ts";
import { type RunningCore, startCore } from "../running-core.ts";
import { chaosProfiles, chaosScenario, makeChaosRepository, writeWork } from "./chaos-plan.ts";
import { checkHistory, type Finding } from "./check-history.ts";
import { collectAftermath } from "./collect-aftermath.ts";
import { Driver } from "./driver.ts";
import { History } from "./history.ts";
import { countRepeatedCalls } from "./judge-calls.ts";
import { createRandom, type Random } from "./random.ts";

export interface ChaosOptions {
  readonly home: AppHome;
  /** Claude Code, or what stands in for it. */
  readonly executable: string;
  readonly seed: number;
  readonly tasks: number;
  readonly kills: { readonly core: number; readonly host: number; readonly claude: number };
  /** How far the wall clock of the core jumps, once; 0 for not at all. */
  readonly jumpMs: number;
  /** How long each part of each task's work takes. */
  readonly paceS: number;
  readonly limitMs: number;
  readonly onProgress: (line: string) => void;
}

export interface ChaosSummary {
  readonly findings: readonly Finding[];
  readonly landed: number;
  readonly faults: Readonly<Record<"core" | "host" | "claude" | "clock", number>>;
  /** Claude processes that were killed, those that died with their terminal host included. */
  readonly killedClaudes: number;
  readonly calls: number;
  readonly repeatedCalls: number;
  readonly rungs: Readonly<Record<string, number>>;
  readonly events: number;
  readonly tookS: number;
}

const FAULT_EARLIEST_MS = 1_500;
const FAULT_LATEST_MS = 5_000;
const HOST_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 100;
const PROJECT = "ledger";
/** At least so many have not landed when a fault is made. */
const BUSY_TASKS = 2;

/** Lets tasks land while the core, the terminal host and workers are killed and the clock jumps; then checks all that is left. */
export async function runChaos(options: ChaosOptions): Promise<ChaosSummary> {
  const startedMs = performance.now();
  await using run = new AsyncDisposableStack();
  const chaos = await ChaosRun.open(options, run);
  await chaos.createWork();
  await chaos.disturb();
  await chaos.waitUntilLanded();
  const summary = await chaos.judge();
  return { ...summary, tookS: Math.round((performance.now() - startedMs) / 1000) };
}

class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #random: Random;
  readonly #history: History;
  readonly #driver: Driver;
  readonly #model: ReturnType<typeof createScriptedModel>;
  readonly #repository: ReturnType<typeof makeChaosRepository>;
  readonly #clockFile: string;
  readonly #deadlineMs: number;
  readonly #findings: Finding[] = [];
  readonly #hit = new Set<string>();
  #core: RunningCore | null = null;
  #killedClaudes = 0;
  #tasks = 0;

  static async open(options: ChaosOptions, ends: AsyncDisposableStack): Promise<ChaosRun> {
    const model = createScriptedModel({
      scenario: chaosScenario,
      log: path.join(options.home.workFolder, "model-calls.jsonl"),
    });
    ends.defer(() => model.close());
    await model.listen(0);
    const chaos = new ChaosRun(options, model);
    ends.defer(() => chaos.#core?.[Symbol.asyncDispose]());
    ends.use(chaos.#driver);
    await chaos.#startCore();
    return chaos;
  }

  private constructor(options: ChaosOptions, model: ReturnType<typeof createScriptedModel>) {
    const { home, seed } = options;
    this.#options = options;
    this.#model = model;
    this.#random = createRandom(seed);
    this.#history = new History(path.join(home.workFolder, "history.jsonl"));
    this.#driver = new Driver(home, this.#history);
    this.#repository = makeChaosRepository(home.workFolder);
    this.#clockFile = path.join(home.workFolder, "clock");
    this.#deadlineMs = performance.now() + options.limitMs;
    writeFileSync(this.#clockFile, "0");
  }

  async createWork(): Promise<void> {
    const { executable, tasks } = this.#options;
    for (const { name, plan, cap, token } of chaosProfiles) {
      const env = {
        ANTHROPIC_BASE_URL: this.#model.url,
        CLAUDE_CODE_OAUTH_TOKEN: token,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
      };
      await this.#driver.call("profile.add", { name, plan, cap, executable, env });
      await this.#driver.call("profile.check", { name });
    }
    const { path: repository, target, check } = this.#repository;
    await this.#driver.call("project.add", {
      path: repository,
      name: PROJECT,
      target,
      checks: [{ name: "whole", run: check, timeoutMs: 60_000 }],
      approve: "auto",
      maxWorkers: 4,
      strategy: "least-loaded",
    });
    for (let n = 1; n <= tasks; n += 1) await this.#addTask();
  }

  /** Makes every fault of the list, in an order that the seed chose, while work goes on. */
  async disturb(): Promise<void> {
    for (const fault of this.#listFaults()) {
      await setTimeout(this.#random.between(FAULT_EARLIEST_MS, FAULT_LATEST_MS));
      if (performance.now() > this.#deadlineMs) return;
      await this.#keepBusy();
      switch (fault) {
        case "core":
          await this.#killCore();
          break;
        case "host":
          await this.#killHost();
          break;
        case "claude":
          await this.#killClaude();
          break;
        case "clock":
          this.#history.fault("clock", `${this.#options.jumpMs} ms`);
          writeFileSync(this.#clockFile, String(this.#options.jumpMs));
          this.#note(`the clock jumps by ${this.#options.jumpMs / 3_600_000} h`);
          break;
      }
    }
  }

  async waitUntilLanded(): Promise<void> {
    for (let last = -1; ; ) {
      const tasks = await this.#driver.read("task.list", {});
      const landed = tasks.filter((task) => task.status === "landed").length;
      if (landed !== last) this.#note(`${landed} of ${tasks.length} have landed`);
      last = landed;
      if (landed === tasks.length) return;
      const stuck = tasks.find(isStuck);
      if (!stuck && performance.now() < this.#deadlineMs) {
        await setTimeout(LOOK_EVERY_MS * 5);
        continue;
      }
      for (const task of tasks.filter((each) => each.status !== "landed"))
        this.#findings.push({
          kind: "missing",
          text: `${task.id} has not landed: it is ${task.status} (${task.reason ?? "no reason"}).`,
        });
      return;
    }
  }

  async judge(): Promise<Omit<ChaosSummary, "tookS">> {
    const { path: repository, target, from, testedFile } = this.#repository;
    const after = await collectAftermath(this.#driver, this.#options.home, {
      projects: [{ project: PROJECT, path: repository, target, from }],
      testedFile,
      panes: () => [],
    });
    const repeatedCalls = countRepeatedCalls(this.#model.calls, after.sessions);
    const findings = [...this.#findings, ...checkHistory(this.#history.lines, after)];
    if (repeatedCalls > this.#killedClaudes)
      findings.push({
        kind: "double",
        text: `${repeatedCalls} calls of the model were repeated, and ${this.#killedClaudes} claude processes were killed.`,
      });
    const rungs = Object.groupBy(
      after.events.filter((event) => event.kind === "session.recovery"),
      (event) => String(event.data.rung),
    );
    const ofSessions = Object.groupBy(
      after.sessions.filter((session) => session.recovery !== null),
      (session) => String(session.recovery?.rung),
    );
    const count = (fault: string) => this.#history.count(fault);
    return {
      findings,
      landed: after.tasks.filter((task) => task.status === "landed").length,
      faults: {
        core: count("core"),
        host: count("host"),
        claude: count("claude"),
        clock: count("clock"),
      },
      killedClaudes: this.#killedClaudes,
      calls: this.#model.calls.filter((call) => call.role === "main").length,
      repeatedCalls,
      rungs: Object.fromEntries(
        Object.entries({ ...rungs, ...ofSessions }).map(([rung, each]) => [
          rung,
          each?.length ?? 0,
        ]),
      ),
      events: after.events.length,
    };
  }

  /** Kills of the host lie apart: a session that breaks off again and again is for a person. */
  #listFaults(): readonly ("core" | "host" | "claude" | "clock")[] {
    const { kills, jumpMs } = this.#options;
    const faults: ("core" | "host" | "claude" | "clock")[] = [
      ...Array.from({ length: kills.core }, () => "core" as const),
      ...Array.from({ length: kills.claude }, () => "claude" as const),
      ...(jumpMs === 0 ? [] : (["clock"] as const)),
    ];
    const shuffled = faults
      .map((fault) => ({ fault, at: this.#random.next() }))
      .toSorted((one, other) => one.at - other.at)
      .map(({ fault }) => fault);
    for (let n = 1; n <= kills.host; n += 1)
      shuffled.splice(Math.round((shuffled.length * n) / (kills.host + 1)), 0, "host");
    return shuffled;
  }

  async #startCore(): Promise<void> {
    this.#core = await startCore(this.#options.home, {
      env: { SWITCHYARD_TEST_CLOCK: this.#clockFile },
      nodeArgs: ["--require", path.join(import.meta.dirname, "../faults/tools/jump-clock.cjs")],
    });
  }

  async #killCore(): Promise<void> {
    const before = await this.#listLive();
    this.#note(`the core is killed, ${before.length} sessions live`);
    this.#history.fault("core", String(this.#core?.pid));
    this.#core?.kill();
    await this.#core?.ended;
    await this.#driver.disconnect();
    await this.#startCore();
    const after = new Map(
      (await this.#driver.read("session.list", {})).map((session) => [session.id, session]),
    );
    for (const session of before) {
      const now = after.get(session.id);
      const isLost =
        now?.pid !== session.pid ||
        (!isLive(now.state) && session.pid !== null && isThere(session.pid) && !isEnding(now));
      if (isLost)
        this.#findings.push({
          kind: "ladder",
          text: `${session.id} lived when the core was killed and was not reattached: it is ${now?.state} (${now?.reason}).`,
        });
    }
  }

  async #killHost(): Promise<void> {
    const pid = hostPid(this.#options.home);
    const living = (await this.#listLive()).filter(({ pid }) => pid !== null && isThere(pid));
    if (pid === null) throw new Error("no terminal host runs that could be killed");
    this.#note(`the terminal host is killed, and ${living.length} sessions with it`);
    this.#history.fault("host", String(pid));
    sendSignal(pid, "SIGKILL");
    this.#killedClaudes += living.length;
    for (const { task } of living) if (task) this.#hit.add(task);
    const deadline = performance.now() + HOST_LIMIT_MS;
    for (;;) {
      const now = hostPid(this.#options.home);
      if (now !== null && now !== pid) return;
      if (performance.now() > deadline) break;
      await setTimeout(LOOK_EVERY_MS);
    }
    this.#findings.push({
      kind: "missing",
      text: `No terminal host came back within ${HOST_LIMIT_MS / 1000} s.`,
    });
  }

  /** One that is in the middle of a turn: its call of the model is under way. */
  async #killClaude(): Promise<void> {
    while (performance.now() < this.#deadlineMs) {
      const working = (await this.#listLive()).filter(
        ({ state, pid }) => state === "working" && pid !== null && isThere(pid),
      );
      const fresh = working.filter(({ task }) => task === null || !this.#hit.has(task));
      const victim = this.#random.pick(fresh.length > 0 ? fresh : working);
      if (victim?.pid && this.#model.state().live > 0) {
        this.#note(`claude of ${victim.id} (${victim.task}) is killed in the middle of its turn`);
        this.#history.fault("claude", victim.id);
        sendSignal(victim.pid, "SIGKILL");
        this.#killedClaudes += 1;
        if (victim.task) this.#hit.add(victim.task);
        return;
      }
      await this.#keepBusy();
      await setTimeout(LOOK_EVERY_MS);
    }
  }

  /** A fault has to meet work under way: on a fast machine there is more of it. */
  async #keepBusy(): Promise<void> {
    const tasks = await this.#driver.read("task.list", {});
    const open = tasks.filter((task) => task.status !== "landed");
    for (let n = open.length; n < BUSY_TASKS; n += 1) await this.#addTask();
  }

  async #addTask(): Promise<void> {
    this.#tasks += 1;
    const name = `piece-${this.#tasks}`;
    await this.#driver.call("task.create", {
      project: PROJECT,
      title: `Write ${name}`,
      body: writeWork(name, this.#options.paceS),
    });
  }

  async #listLive(): Promise<readonly Session[]> {
    const sessions = await this.#driver.read("session.list", {});
    return sessions.filter((session) => isLive(session.state) && session.pid !== null);
  }

  #note(line: string): void {
    this.#options.onProgress(line);
  }
}

/** Its work was done and its process is being ended: that is no loss. */
function isEnding(session: Session): boolean {
  return session.state === "ended";
}

function isStuck(task: Task): boolean {
  return task.status === "failed" || task.status === "needs-input" || task.status === "cancelled";
}
