import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { createScriptedModel } from "../../demo/scripted-model/create-scripted-model.ts";
import { dataFolder } from "../../electron/core/base/data-folder.ts";
import { isLive, type Session } from "../../shared/model/session.ts";
import { isOver } from "../../shared/model/task.ts";
import type { AppHome } from "../app-home.ts";
import { fillDisk, type Tmpfs } from "../faults/tools/disks.ts";
import { hostPid, isThere, signal as sendSignal } from "../faults/tools/processes.ts";
import { type RunningCore, startCore } from "../running-core.ts";
import type { ChaosRepository } from "./chaos-plan.ts";
import { type Aftermath, checkHistory, type Finding } from "./check-history.ts";
import { chooseOperation, type Seen } from "./choose-operation.ts";
import { collectAftermath } from "./collect-aftermath.ts";
import { findMiscount, readLog } from "./counting-worker.ts";
import { Driver } from "./driver.ts";
import { History } from "./history.ts";
import { createRandom, type Random } from "./random.ts";
import { COUNTERS, furnish, makeSoakRepository, PROJECT, soakScenario } from "./soak-world.ts";
import { comparePane, type WatchedPane, watchPane } from "./watch-pane.ts";

export interface SoakOptions {
  readonly home: AppHome;
  /** The disk of the data folder, when it is one that may be filled. */
  readonly disk: Tmpfs | null;
  /** Where each operation and answer is written as it comes; not on the disk that is filled. */
  readonly historyFile: string;
  readonly seed: number;
  readonly minutes: number;
  /** Only these, when they are named. */
  readonly faults: readonly string[];
  readonly onProgress: (line: string) => void;
}

export interface SoakSummary {
  readonly findings: readonly Finding[];
  readonly operations: Readonly<Record<"answered" | "refused" | "unsure", number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly tasks: number;
  readonly landed: number;
  readonly sessions: number;
  readonly panes: number;
  /** Bytes of counting panes that were compared with the count. */
  readonly bytes: number;
  readonly events: number;
}

const FAULTS = ["core", "host", "claude", "stop-core", "stop-host", "disk"] as const;
type Fault = (typeof FAULTS)[number];

const PAUSE_MS = [50, 700] as const;
const FAULT_EVERY_MS = [6_000, 20_000] as const;
const STILL_MS = [500, 6_000] as const;
const WINDOWS_MAX = 6;
/** Longer than a task rests after its third failure. */
const QUIET_MS = 45_000;
const SETTLE_LIMIT_MS = 4 * 60_000;
const REPORT_EVERY_MS = 30_000;
const LOOK_EVERY_MS = 500;

/** Random operations and random faults for so many minutes, and then everything that is left is checked. */
export async function runSoak(options: SoakOptions): Promise<SoakSummary> {
  await using ends = new AsyncDisposableStack();
  const model = createScriptedModel({ scenario: soakScenario });
  ends.defer(() => model.close());
  await model.listen(0);
  const soak = new SoakRun(options);
  ends.use(soak);
  await soak.begin(model.url);
  await soak.disturb();
  await soak.settle();
  return await soak.judge();
}

class SoakRun implements AsyncDisposable {
  readonly #options: SoakOptions;
  readonly #random: Random;
  readonly #history: History;
  readonly #driver: Driver;
  readonly #repository: ChaosRepository;
  readonly #panes: WatchedPane[] = [];
  readonly #findings: Finding[] = [];
  #core: RunningCore | null = null;
  #isKilled = false;

  constructor(options: SoakOptions) {
    const { home, seed } = options;
    this.#options = options;
    this.#random = createRandom(seed);
    this.#history = new History(options.historyFile);
    this.#driver = new Driver(home, this.#history);
    this.#repository = makeSoakRepository(home.workFolder);
  }

  async begin(modelUrl: string): Promise<void> {
    const { home } = this.#options;
    await this.#startCore();
    const world = { folder: home.workFolder, modelUrl, repository: this.#repository };
    await furnish(this.#driver, world);
  }

  async disturb(): Promise<void> {
    const endMs = performance.now() + this.#options.minutes * 60_000;
    let faultMs = performance.now() + this.#between(FAULT_EVERY_MS);
    let reportMs = performance.now() + REPORT_EVERY_MS;
    while (performance.now() < endMs) {
      await this.#operate();
      if (performance.now() >= faultMs) {
        await this.#break();
        faultMs = performance.now() + this.#between(FAULT_EVERY_MS);
      }
      if (performance.now() >= reportMs) {
        await this.#report();
        reportMs += REPORT_EVERY_MS;
      }
      await setTimeout(this.#between(PAUSE_MS));
    }
  }

  /** No more faults: what was held, halted or paused is let go, what counts for ever is cancelled, and the rest runs out. */
  async settle(): Promise<void> {
    this.#options.onProgress("settles");
    const deadline = performance.now() + SETTLE_LIMIT_MS;
    await this.#surely("fleet.resume", {});
    await this.#surely("queue.resume", { project: PROJECT });
    for (const { id, state } of (await this.#look()).plans)
      if (state !== "active") await this.#driver.call("plan.activate", { plan: id });
    let quietSinceMs = performance.now();
    for (;;) {
      const { tasks, entries, sessions } = await this.#look();
      const counting = tasks.filter(
        (task) => task.pinnedProfile === COUNTERS && !isOver(task.status),
      );
      for (const task of counting) await this.#driver.call("task.cancel", { task: task.id });
      for (const entry of entries.filter(({ state }) => state === "held"))
        await this.#driver.call("queue.retry", { entry: entry.id });
      const moving = tasks.filter(
        (task) => task.status === "running" || task.status === "queued" || task.status === "ready",
      );
      if (moving.length === 0) return;
      const isQuiet =
        moving.every(({ status }) => status === "ready") &&
        !sessions.some(({ state }) => state === "working" || state === "starting");
      if (!isQuiet) quietSinceMs = performance.now();
      if (performance.now() > Math.min(deadline, quietSinceMs + QUIET_MS)) {
        for (const task of moving) {
          const { reasons } = await this.#driver.read("task.why", { task: task.id });
          const why = [task.reason, ...reasons.map(({ text }) => text)].filter(Boolean).join("; ");
          const text = `${task.id} moves no more: it is ${task.status} (${why || "no reason"}).`;
          // What waits behind something that a person has to see to may well stay.
          if (task.status !== "ready" || why === "") this.#findings.push({ kind: "missing", text });
          else this.#options.onProgress(text);
        }
        return;
      }
      await setTimeout(LOOK_EVERY_MS);
    }
  }

  async judge(): Promise<SoakSummary> {
    this.#isKilled = true;
    const { path: repository, target, from, testedFile } = this.#repository;
    const counted = (await this.#driver.read("session.list", {})).filter(
      ({ profile }) => profile === COUNTERS,
    );
    let bytes = 0;
    const after = await collectAftermath(this.#driver, this.#options.home, {
      projects: [{ project: PROJECT, path: repository, target, from }],
      testedFile,
      panes: () => {
        const judged = this.#judgePanes(counted);
        bytes = judged.bytes;
        return judged.panes;
      },
    });
    const { lines } = this.#history;
    const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
    return {
      findings: [...this.#findings, ...checkHistory(lines, after)],
      operations: {
        answered: count("answered"),
        refused: count("refused"),
        unsure: count("unsure"),
      },
      faults: Object.fromEntries(FAULTS.map((fault) => [fault, this.#history.count(fault)])),
      tasks: after.tasks.length,
      landed: after.tasks.filter((task) => task.status === "landed").length,
      sessions: after.sessions.length,
      panes: after.panes.length,
      bytes,
      events: after.events.length,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver[Symbol.asyncDispose]();
    this.#isKilled = true;
    await this.#core?.[Symbol.asyncDispose]();
  }

  #judgePanes(counted: readonly Session[]): {
    readonly panes: Aftermath["panes"];
    readonly bytes: number;
  } {
    const folder = dataFolder(this.#options.home.folder);
    const logs = new Map<string, Buffer>();
    const logOf = (session: string) => {
      const log = logs.get(session) ?? readLog(path.join(folder.sessionDir(session), "output.log"));
      logs.set(session, log);
      return log;
    };
    const counts = counted.map(({ id }) => ({
      session: id,
      trouble: findMiscount(logOf(id).toString("utf8")),
    }));
    const isEndLost = this.#history.count("host") > 0 || this.#history.count("disk") > 0;
    const shown = this.#panes.map((pane) => ({
      session: pane.session,
      trouble: comparePane(pane, logOf(pane.session), isEndLost),
    }));
    const bytes = counted.reduce((sum, { id }) => sum + logOf(id).length, 0);
    return { panes: [...counts, ...shown], bytes };
  }

  async #look(): Promise<Seen> {
    const { rows } = await this.#driver.read("app.watch", {});
    return {
      tasks: rows.tasks,
      sessions: await this.#driver.read("session.list", {}),
      plans: rows.plans,
      entries: rows.entries,
      isHalted: rows.fleet[0]?.isHalted ?? false,
    };
  }

  async #operate(): Promise<void> {
    const seen = await this.#look();
    if (this.#random.next() < 0.1) {
      await this.#openWindow(seen.sessions);
      return;
    }
    const operation = chooseOperation(seen, this.#random);
    // Name and input belong together: they were chosen as one.
    if (operation) await this.#driver.call(operation.name, operation.input as never);
  }

  async #surely(name: "fleet.resume" | "queue.resume", input: object): Promise<void> {
    // Their inputs are the two that `settle` gives.
    while ((await this.#driver.call(name, input as never)).kind === "unsure")
      await setTimeout(LOOK_EVERY_MS);
  }

  /** One more window on a pane; the connection that a killed core takes along ends them all. */
  async #openWindow(sessions: readonly Session[]): Promise<void> {
    const open = sessions.filter(({ pid, state }) => pid !== null && isLive(state));
    const session = this.#random.pick(open);
    if (!session) return;
    try {
      const client = await this.#driver.client();
      const pane = await watchPane(client, session.id, this.#random.next() < 0.5);
      this.#panes.push(pane);
      const old = this.#panes.at(-1 - WINDOWS_MAX);
      if (old) await client.call("terminal.detach", { stream: old.stream });
    } catch {
      // The session or the core went meanwhile: then there is no window.
    }
  }

  async #break(): Promise<void> {
    const { disk, faults } = this.#options;
    const possible = FAULTS.filter(
      (fault) =>
        (fault !== "disk" || disk !== null) && (faults.length === 0 || faults.includes(fault)),
    );
    const fault: Fault = this.#random.pick(possible) ?? "core";
    this.#options.onProgress(`fault: ${fault}`);
    const stillMs = this.#between(STILL_MS);
    switch (fault) {
      case "core":
        this.#history.fault(fault, String(this.#core?.pid));
        this.#isKilled = true;
        this.#core?.kill();
        await this.#core?.ended;
        await this.#driver.disconnect();
        await this.#startCore();
        break;
      case "host": {
        const pid = hostPid(this.#options.home);
        if (pid === null) return;
        this.#history.fault(fault, String(pid));
        sendSignal(pid, "SIGKILL");
        break;
      }
      case "claude": {
        const { sessions } = await this.#look();
        const victim = this.#random.pick(sessions.filter(({ pid, state }) => pid && isLive(state)));
        if (!victim?.pid) return;
        this.#history.fault(fault, victim.id);
        sendSignal(victim.pid, "SIGKILL");
        break;
      }
      case "stop-core":
        await this.#holdStill(fault, this.#core?.pid ?? null, stillMs);
        break;
      case "stop-host":
        await this.#holdStill(fault, hostPid(this.#options.home), stillMs);
        break;
      case "disk":
        if (!this.#options.disk) return;
        this.#history.fault(fault, `${stillMs} ms`);
        await fillDisk(this.#options.disk, async () => {
          const end = performance.now() + stillMs;
          while (performance.now() < end) {
            // Without a core, which may have ended and starts on no full disk, there is nothing to ask.
            if (isThere(this.#core?.pid ?? 0)) await this.#operate();
            await setTimeout(PAUSE_MS[1]);
          }
        });
        break;
    }
  }

  /** One that ends without being killed is a finding, and is followed by another. */
  async #startCore(): Promise<void> {
    this.#isKilled = false;
    const core = await startCore(this.#options.home);
    this.#core = core;
    core.ended.then(async () => {
      if (this.#isKilled || this.#core !== core) return;
      this.#findings.push({ kind: "died", text: `The core ended by itself: ${core.lastWords()}` });
      this.#options.onProgress(`the core ended by itself: ${core.lastWords()}`);
      await this.#driver.disconnect();
      await this.#startAgain();
    });
  }

  /** On a full disk none starts; the fault is over soon. */
  async #startAgain(): Promise<void> {
    for (;;) {
      try {
        return await this.#startCore();
      } catch {
        await setTimeout(LOOK_EVERY_MS);
      }
    }
  }

  async #holdStill(fault: Fault, pid: number | null, ms: number): Promise<void> {
    if (pid === null) return;
    this.#history.fault(fault, String(pid));
    sendSignal(pid, "SIGSTOP");
    await setTimeout(ms);
    sendSignal(pid, "SIGCONT");
  }

  async #report(): Promise<void> {
    const { tasks, sessions } = await this.#look();
    const landed = tasks.filter((task) => task.status === "landed").length;
    const live = sessions.filter(({ state }) => isLive(state)).length;
    this.#options.onProgress(
      `${this.#history.lines.length} lines of history, ${tasks.length} tasks, ${landed} landed, ${live} sessions live`,
    );
  }

  #between([low, high]: readonly [number, number]): number {
    return this.#random.between(low, high);
  }
}
