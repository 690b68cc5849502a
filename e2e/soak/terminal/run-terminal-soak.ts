import { setTimeout as delay } from "node:timers/promises";
import { runGit } from "../../../demo/run-git.ts";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import type { Session } from "../../../shared/model/session.ts";
import { connectClient } from "../../app-access.ts";
import type { AppHome } from "../../app-home.ts";
import { hostPid } from "../../faults/tools/processes.ts";
import { startCore } from "../../running-core.ts";
import { createRandom, type Random } from "../random.ts";
import { watchPane } from "../watch-pane.ts";
import { USUAL_BYTES_PER_SECOND, writeBusyProgram } from "./busy-program.ts";
import { type Bound, type Growth, judgeGrowth } from "./judge-growth.ts";
import { lookAtProcess } from "./look-at-process.ts";
import { type MeasuredWindow, openWindow } from "./open-window.ts";

export interface TerminalSoakOptions {
  readonly home: AppHome;
  readonly sessions: number;
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface TerminalSoakSummary {
  readonly printedMb: number;
  /** How long the sessions would take for that many bytes at the rate at which Claude Code prints. */
  readonly usualHours: number;
  readonly done: Readonly<Record<string, number>>;
  readonly growth: ReadonlyMap<string, Growth>;
}

const NAME = "busy";
/** About 40 KB at a time. */
const PAUSE_S = 0.15;
const SAMPLES = 24;
/** Sessions of one profile come up one by one, and no more at once than the machine takes. */
const START_LIMIT_MS = 900_000;
const LOOK_EVERY_MS = 500;
const SIZES = [
  [1600, 1000],
  [1280, 800],
  [900, 700],
  [1600, 600],
] as const;

/** Memory may differ by what a collector has not collected yet; what is counted, by what is open at the moment of the look. */
const BOUNDS: Readonly<Record<string, Bound>> = {
  "host memory (MB)": { share: 0.1, absolute: 20 },
  "host files": { share: 0.05, absolute: 4 },
  "host terminals": { share: 0, absolute: 0 },
  "host threads": { share: 0, absolute: 1 },
  "core memory (MB)": { share: 0.1, absolute: 20 },
  "core files": { share: 0.05, absolute: 4 },
  "core threads": { share: 0, absolute: 1 },
  "window heap (MB)": { share: 0.1, absolute: 10 },
  "window buffers (MB)": { share: 0.1, absolute: 5 },
  "window DOM nodes": { share: 0.1, absolute: 500 },
  "window listeners": { share: 0.1, absolute: 50 },
  "window timers": { share: 0.1, absolute: 20 },
};

/** Sessions that print many times as fast as usual, and people who look at them, resize, hide and come back, for so many minutes. */
export async function runTerminalSoak(options: TerminalSoakOptions): Promise<TerminalSoakSummary> {
  const { home, say } = options;
  await using core = await startCore(home);
  await using connected = await connectClient(home.folder);
  const { client } = connected;
  const sessions = await startSessions(client, options);
  const host = hostPid(home);
  if (host === null) throw new Error("no terminal host runs");
  say(`${sessions.length} sessions print.`);
  const { url } = await client.call("app.link", {});
  if (url === null) throw new Error("the core offers no link to its window");
  await using window = await openWindow(url);
  const people = new People(home, window, sessions, createRandom(options.seed));

  const samples = new Map<string, number[]>();
  const everyMs = (options.minutes * 60_000) / SAMPLES;
  const before = await lengthOf(client, sessions);
  for (let sample = 0; sample < SAMPLES; sample++) {
    const endMs = performance.now() + everyMs;
    while (performance.now() < endMs) await people.act();
    const look = await lookAtAll(host, core.pid, window);
    for (const [name, value] of Object.entries(look)) {
      samples.set(name, [...(samples.get(name) ?? []), value]);
    }
    say(`${sample + 1} of ${SAMPLES}: ${writeLook(look)}`);
  }
  const printed = (await lengthOf(client, sessions)) - before;
  await home.endApp(client);
  const growth = new Map(
    [...samples].map(([name, values]) => [name, judgeGrowth(values, boundOf(name))] as const),
  );
  return {
    printedMb: printed / 1e6,
    usualHours: printed / sessions.length / USUAL_BYTES_PER_SECOND / 3600,
    done: people.done,
    growth,
  };
}

async function startSessions(
  client: Client<AppContract>,
  { home, sessions: count }: TerminalSoakOptions,
): Promise<readonly Session[]> {
  const repository = `${home.workFolder}/${NAME}`;
  runGit(home.workFolder, "init", "-q", "-b", "main", repository);
  const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  runGit(repository, ...author, "commit", "-q", "--allow-empty", "-m", "first");
  const executable = writeBusyProgram(home.workFolder, PAUSE_S);
  await client.call("profile.add", { name: NAME, plan: "custom", cap: count, executable });
  const project = { path: repository, name: NAME, withoutChecks: true, maxWorkers: count };
  await client.call("project.add", project);
  for (let n = 1; n <= count; n++) {
    await client.call("task.create", { project: NAME, title: `Busy ${n}` });
  }
  const endMs = performance.now() + START_LIMIT_MS;
  for (;;) {
    const all = await client.call("session.list", {});
    const working = all.filter((session) => session.state === "working");
    if (working.length === count) return working;
    if (performance.now() > endMs) throw new Error(`${working.length} of ${count} sessions work`);
    await delay(LOOK_EVERY_MS);
  }
}

async function lengthOf(client: Client<AppContract>, sessions: readonly Session[]) {
  let sum = 0;
  for (const { id } of sessions) {
    const { end } = await client.call("session.log", { session: id, from: 0, maxBytes: 1 });
    sum += end;
  }
  return sum;
}

/** What people do in the window, and in windows that come and go beside it. */
class People {
  readonly done: Record<string, number> = {};
  readonly #home: AppHome;
  readonly #window: MeasuredWindow;
  readonly #sessions: readonly Session[];
  readonly #random: Random;

  constructor(home: AppHome, window: MeasuredWindow, sessions: readonly Session[], random: Random) {
    this.#home = home;
    this.#window = window;
    this.#sessions = sessions;
    this.#random = random;
  }

  async act(): Promise<void> {
    const { page } = this.#window;
    const acts: Readonly<Record<string, () => Promise<unknown>>> = {
      resizes: () => {
        const [width, height] = this.#random.pick(SIZES) ?? SIZES[0];
        return page.setViewportSize({ width, height });
      },
      "views hidden and shown": async () => {
        await page.keyboard.press("Alt+3");
        await delay(this.#random.between(50, 300));
        await page.keyboard.press("Alt+1");
      },
      focuses: () => this.#focus(),
      scrolls: async () => {
        await page.mouse.move(500, 400);
        await page.mouse.wheel(0, this.#random.between(-600, 600));
      },
      "windows come and gone": () => this.#comeAndGo(),
      waits: () => delay(this.#random.between(100, 800)),
    };
    const [name, act] = this.#random.pick(Object.entries(acts)) ?? [];
    if (name === undefined || !act) return;
    await act();
    this.done[name] = (this.done[name] ?? 0) + 1;
  }

  async #focus(): Promise<void> {
    const panes = this.#window.page.locator(".terminal-host");
    const count = await panes.count();
    if (count === 0) return;
    await panes.nth(this.#random.between(0, count - 1)).evaluate((pane) => {
      pane.scrollIntoView();
      pane.querySelector("textarea")?.focus();
    });
  }

  /** One that looks at some panes, and leaves either properly or by being gone. */
  async #comeAndGo(): Promise<void> {
    const { client } = await connectClient(this.#home.folder);
    for (let pane = 0; pane < 4; pane++) {
      const session = this.#random.pick(this.#sessions);
      if (!session) break;
      const watched = await watchPane(client, session.id, pane === 0);
      if (watched.gaps[0]) throw new Error(`a window was shown ${watched.gaps[0]}`);
      if (this.#random.next() < 0.5) {
        await client.call("terminal.detach", { stream: watched.stream });
      }
    }
    client.close();
  }
}

async function lookAtAll(host: number, core: number, window: MeasuredWindow) {
  const hostLook = lookAtProcess(host);
  const coreLook = lookAtProcess(core);
  const look = await window.look();
  return {
    "host memory (MB)": hostLook.memoryMb,
    "host files": hostLook.files,
    "host terminals": hostLook.terminals,
    "host threads": hostLook.threads,
    "core memory (MB)": coreLook.memoryMb,
    "core files": coreLook.files,
    "core threads": coreLook.threads,
    "window heap (MB)": look.heapMb,
    "window buffers (MB)": look.buffersMb,
    "window DOM nodes": look.nodes,
    "window listeners": look.listeners,
    "window timers": look.timers,
  };
}

function boundOf(name: string): Bound {
  const bound = BOUNDS[name];
  if (!bound) throw new Error(`nothing says how much ${name} may grow`);
  return bound;
}

function writeLook(look: Readonly<Record<string, number>>): string {
  return Object.entries(look)
    .map(([name, value]) => `${name} ${value.toFixed(0)}`)
    .join(", ");
}
