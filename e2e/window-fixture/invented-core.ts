import { type AppContract, appContract } from "../../shared/contract/app-contract.ts";
import type { Rows } from "../../shared/contract/rows.ts";
import { type ByteStream, type Handlers, type Peer, serveWire } from "../../shared/contract/rpc.ts";
import { packTerminalFrame, unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import { createWirePair, type Wire } from "../../shared/contract/wire.ts";
import type { Ask } from "../../shared/model/ask.ts";
import type { Fleet } from "../../shared/model/fleet.ts";
import type { Handoff } from "../../shared/model/handoff.ts";
import type { HoursStretch, HoursWeek } from "../../shared/model/hours.ts";
import type { Removal } from "../../shared/model/removal.ts";
import type { Session } from "../../shared/model/session.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import {
  inventApprovals,
  inventedFindings,
  inventHandoffs,
  inventHealth,
  inventRemovals,
} from "./invented-asks.ts";
import { inventConflict } from "./invented-conflict.ts";
import { inventFlakyTests } from "./invented-flaky.ts";
import { inventForecast } from "./invented-forecast.ts";
import { inventKeys, inventLayouts } from "./invented-layouts.ts";
import { inventLocks } from "./invented-locks.ts";
import { inventEvents, inventRows } from "./invented-rows.ts";
import { inventNext, inventScreen } from "./invented-screen.ts";
import { inventSearch, inventTranscript } from "./invented-search.ts";
import { inventUsage } from "./invented-usage.ts";

const STEP_MS = 400;
const encoder = new TextEncoder();
/** A core that was lost once is not found again. */
let isGone = false;

/** A core that holds invented rows and does nothing with them: enough to look at the window. */
export async function connectInventedCore(panes: number, state: string): Promise<Wire> {
  if (state === "no-connection") {
    throw new SwitchyardError(
      "needs-app",
      "This window has no key to Switchyard.",
      "Open the link that `switchyard serve` prints, or a fresh one from `switchyard link`; each opens one window.",
    );
  }
  if (isGone)
    throw new SwitchyardError("needs-app", "Switchyard cannot be reached from this window.");
  isGone = state === "lost";
  const [near, far] = createWirePair();
  const rows = inventRows(panes, state);
  let conflictLooks = 0;
  const terminals = new Map(
    rows.sessions.map((session) => [session.id, new InventedTerminal(session)]),
  );
  const streams = new Map<number, { close(): void }>();

  const answers: Partial<Handlers<AppContract>> = {
    "app.watch": (_input, peer) => {
      peer.emit("health", inventHealth(state));
      peer.emit("locks", inventLocks(rows, state));
      const forecast = inventForecast(rows, state);
      if (forecast) peer.emit("forecast", forecast);
      return { seq: 100, rows, recent: inventEvents(rows) };
    },
    "app.doctor": () => inventedFindings,
    "app.events": () => [],
    "task.why": ({ task }) => {
      const found = rows.tasks.find((each) => each.id === task);
      if (!found) throw new SwitchyardError("not-found", `There is no task ${task}.`);
      const reasons = found.after.map((id) => ({
        kind: "after",
        text: `It waits until ${id} has landed.`,
        subject: id,
      }));
      if (found.status === "ready")
        reasons.push({
          kind: "slots",
          text: "Every signed-in profile is full; max-1 has a free slot at 14:20 at the earliest.",
          subject: "max-1" as never,
        });
      return { task: found, reasons, clashes: [] };
    },
    "usage.read": ({ hours }) => inventUsage(rows, hours ?? 168),
    "profile.find": () => [
      {
        dir: "/home/you/.claude",
        name: "default" as never,
        source: "/home/you/.claude",
        problem: null,
      },
      {
        dir: "/home/you/.claude-work",
        name: "work" as never,
        source: "/home/you/bin/claude-work",
        problem: null,
      },
      {
        dir: "/home/you/.claude-linked",
        name: "linked" as never,
        source: "/home/you/.claude-linked",
        problem:
          "/home/you/.claude-linked is a link to another place; a login is kept by the spelling of its folder, and a link that moves would lose it. Name the folder it points to.",
      },
    ],
    "profile.check": ({ name }) => {
      const profile = rows.profiles.find((each) => each.name === name);
      if (!profile) throw new SwitchyardError("unknown-profile", `There is no profile ${name}.`);
      return { profile, findings: inventedFindings.slice(0, 4) };
    },
    "profile.login": ({ name }, peer) => {
      const session: Session = {
        ...(rows.sessions[0] ?? (inventRows(1, "usual").sessions[0] as Session)),
        id: "s-900" as Session["id"],
        kind: "sign-in",
        name: `sign-in ${name}`,
        task: null,
        project: null,
        state: "working",
        link: "https://claude.ai/oauth/authorize?code=true&client_id=9d1c250a&response_type=code&state=Xk2f",
        codeLink:
          "https://claude.com/cai/oauth/authorize?code=true&client_id=9d1c250a-e61b-44d9-88ed-5944d1962f5e&response_type=code&redirect_uri=https%3A%2F%2Fplatform.claude.com%2Foauth%2Fcode%2Fcallback&scope=org%3Acreate_api_key+user%3Aprofile+user%3Ainference&code_challenge=Zk3W7yq1Vt0pJ9m5d2Q8s4x6&code_challenge_method=S256&state=GQl-BDB91W_v10",
      };
      terminals.set(session.id, new InventedTerminal(session));
      tell(peer, { sessions: [session] });
      return session;
    },
    "queue.diff": () => ({
      from: "17ab".repeat(10) as never,
      to: "9c41".repeat(10) as never,
      patch: state === "long-diff" ? inventLongPatch() : patch,
      isCut: state === "long-diff",
    }),
    "queue.change": () => ({
      commits: ["Draw the month's bars with CSS", "Drop the chart library", "Test an empty month"],
      commitCount: 3,
      files: [
        { kind: "source", count: 4 },
        { kind: "test", count: 1 },
        { kind: "lock", count: 1 },
      ],
      added: 118,
      removed: 342,
      tests: ["src/pages/revenue.test.tsx"],
    }),
    "queue.tests": ({ project }) => inventFlakyTests(project, state === "flaky"),
    "queue.conflict": ({ entry }) => {
      conflictLooks += 1;
      return inventConflict(entry, state === "moved-conflict" && conflictLooks > 1);
    },
    "queue.draft-resolution": () => null,
    "queue.revert-plan": ({ entry }) => ({
      entry,
      commit: "e02f".repeat(10) as never,
      target: "main",
      dependents: [
        {
          title: "Show prices in the customer's currency",
          commit: "7c1d".repeat(10) as never,
          entry: "q-27" as never,
          task: "t-8" as never,
          files: ["src/prices/format.ts", "src/prices/format.test.ts"],
        },
        {
          title: "Announce the new limits",
          commit: null,
          entry: null,
          task: "t-9" as never,
          files: [],
        },
      ],
      conflicts: [],
    }),
    "queue.undo-plan": () => ({
      entries: ["q-24" as never],
      commit: "e02f".repeat(10) as never,
      before: "17ab".repeat(10) as never,
      target: "main",
      holders: [],
    }),
    "queue.log": ({ from }) => ({
      text: from === 0 ? checkOutput : "",
      end: checkOutput.length,
      results: [],
    }),
    "task.handoffs": ({ task }) => inventHandoffs(task) as Handoff[],
    "task.removals": () => inventRemovals(rows) as Removal[],
    "project.hours": () => (state === "changes" ? weekOf([], false) : weekOf(["fix"], true)),
    "approval.list": () => inventApprovals(),
    "project.changes": () =>
      state === "changes"
        ? {
            files: ["src/invoices/list.ts", "src/invoices/list.test.ts", "notes.md"],
            count: 3,
            settled: null,
          }
        : { files: [], count: 0, settled: null },
    "project.settle-changes": () => ({ files: [], count: 0, settled: null }),
    // The first ask was answered by somebody else a moment ago.
    "ask.answer": ({ ask: id }, peer) => {
      const ask = rows.asks.find((each) => each.id === id);
      if (!ask) throw new SwitchyardError("not-found", `There is no ask ${id}.`);
      const closed: Ask = { ...ask, state: "allowed" };
      tell(peer, { asks: [closed] });
      if (id === "a-1") {
        throw new SwitchyardError("wrong-state", "It was answered in its terminal a moment ago.");
      }
      return closed;
    },
    "fleet.halt": ({ reason }, peer) => halt(peer, true, reason ?? null),
    "fleet.resume": (_none, peer) => ({ ...halt(peer, false, null), wasHalted: true, atRest: 0 }),
    "search.find": ({ text }) => inventSearch(rows, text),
    "session.transcript": ({ session }) => inventTranscript(session),
    "session.answer": () => ({ text: "All attempts are counted by address now." }),
    "session.stop": refuse,
    "session.interrupt": refuse,
    "session.send": ({ session }) => ({ session, isDelivered: true }),
    "task.change": ({ task }) => {
      const commits = Number(task.slice(2)) % 4;
      return {
        branch: `switchyard/${task}-work`,
        commits,
        files: 3 * commits,
        added: 48 * commits,
        removed: 17 * commits,
      };
    },
    "session.peek": ({ session, lines }) => ({
      lines: terminals.get(session)?.peek(lines) ?? [],
    }),
    "window.layouts": () => ({ layouts: inventLayouts(state), problem: null }),
    "window.keep-layouts": () => ({}),
    "window.look": () => ({ look: null, problem: null }),
    "window.keep-look": () => ({}),
    "window.keys": () => inventKeys(state),
    "terminal.attach": ({ session }, peer) => {
      const terminal = terminals.get(session);
      if (!terminal) throw new SwitchyardError("not-found", `There is no session ${session}.`);
      const stream = peer.openStream();
      streams.set(stream.id, terminal.attach(stream));
      return { stream: stream.id };
    },
    "terminal.detach": ({ stream }) => {
      streams.get(stream)?.close();
      return {};
    },
    "terminal.focus": () => ({}),
    "terminal.resize": ({ session, cols }) => {
      terminals.get(session)?.resize(cols);
      return {};
    },
  };
  // What is not invented above refuses, as a core would that cannot do it now.
  const handlers = Object.fromEntries(
    Object.keys(appContract.calls).map((name) => [
      name,
      answers[name as keyof typeof answers] ?? refuse,
    ]),
  ) as unknown as Handlers<AppContract>;
  const peer: Peer<AppContract> = serveWire(appContract, far, handlers);
  peer.onClose(() => {
    for (const stream of streams.values()) stream.close();
  });
  if (state === "lost") setTimeout(() => far.close(), 1_500);
  return near;
}

function tell(peer: Peer<AppContract>, changed: Partial<Rows>): void {
  const removed = { projects: [], profiles: [] };
  peer.emit("changed", { seq: 100, events: [], rows: changed, removed });
}

function halt(peer: Peer<AppContract>, isHalted: boolean, reason: string | null): Fleet {
  const fleet = { isHalted, reason, since: new Date().toISOString() };
  tell(peer, { fleet: [fleet] });
  return fleet;
}

function refuse(): never {
  throw new SwitchyardError(
    "wrong-state",
    "An invented core does nothing.",
    "Start Switchyard to try this for real.",
  );
}

class InventedTerminal {
  #step: number;
  #cols = 100;
  #offset = 0;
  readonly #session: Session;
  readonly #streams = new Set<ByteStream>();

  constructor(session: Session) {
    this.#session = session;
    this.#step = 5 + (Number(session.id.slice(2)) % 5);
  }

  get #isBusy(): boolean {
    return this.#session.state === "working";
  }

  attach(stream: ByteStream): { close(): void } {
    this.#streams.add(stream);
    stream.onBytes((bytes) => {
      const frame = unpackTerminalFrame(bytes);
      // An echo is all that a typed key needs to be seen.
      if (frame?.kind === "input") this.#print(frame.bytes);
    });
    this.#sendScreen(stream);
    const timer = setInterval(() => {
      if (!this.#isBusy || document.documentElement.dataset.still === "true") return;
      this.#step += 1;
      this.#print(encoder.encode(inventNext(this.#step, this.#cols, true)));
    }, STEP_MS);
    return {
      close: () => {
        clearInterval(timer);
        this.#streams.delete(stream);
      },
    };
  }

  peek(lines: number): string[] {
    const screen = inventScreen(this.#session.name, this.#step, 60, this.#isBusy);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a screen begin with one.
    const plain = screen.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "").split("\r\n");
    return plain.slice(-6 - lines, -6);
  }

  resize(cols: number): void {
    if (cols === this.#cols) return;
    this.#cols = cols;
    const screen = inventScreen(this.#session.name, this.#step, cols, this.#isBusy);
    this.#print(encoder.encode(`\u001b[2J\u001b[3J\u001b[H${screen}`));
  }

  #sendScreen(stream: ByteStream): void {
    const bytes = encoder.encode(
      inventScreen(this.#session.name, this.#step, this.#cols, this.#isBusy),
    );
    stream.send(
      packTerminalFrame({
        kind: "snapshot",
        offset: this.#offset,
        cols: this.#cols,
        rows: 30,
        bytes,
      }),
    );
  }

  #print(bytes: Uint8Array): void {
    const frame = packTerminalFrame({ kind: "output", offset: this.#offset, bytes });
    this.#offset += bytes.length;
    for (const stream of this.#streams) stream.send(frame);
  }
}

const checkOutput = `> shop@3.2.0 test
> vitest run

 \u001b[32m✓\u001b[39m src/login/attempts.test.ts (6 tests) 41ms
 \u001b[32m✓\u001b[39m src/login/form.test.ts (11 tests) 87ms
 \u001b[32m✓\u001b[39m src/reports/zone.test.ts (22 tests) 130ms
 \u001b[32m✓\u001b[39m src/invoices/list.test.ts (37 tests) 412ms
`;

const patch = `diff --git a/src/login/attempts.ts b/src/login/attempts.ts
index 17ab3f1..9c41e02 100644
--- a/src/login/attempts.ts
+++ b/src/login/attempts.ts
@@ -9,8 +9,12 @@ import { store } from "../store.ts";
 
 /** Counts one more attempt and says how many there were in this minute. */
 export async function countAttempt(address: string): Promise<number> {
-  return store.incr(address);
+  const key = \`attempts:\${address}\`;
+  const tries = await store.incr(key);
+  if (tries === 1) await store.expire(key, WINDOW_S);
+  return tries;
 }
 
 export async function forgetAttempts(address: string): Promise<void> {
-  await store.del(address);
+  await store.del(\`attempts:\${address}\`);
 }
diff --git a/src/login/too-many.ts b/src/login/too-many.ts
new file mode 100644
index 0000000..5f0c1aa
--- /dev/null
+++ b/src/login/too-many.ts
@@ -0,0 +1,9 @@
+import type { Response } from "../http.ts";
+
+/** The answer to one attempt too many, with the seconds to wait. */
+export function tooMany(response: Response, waitS: number): void {
+  response.status(429);
+  response.header("Retry-After", String(waitS));
+  response.json({ error: "too-many-attempts", waitS });
+}
+
`;

/** 20,000 lines in forty files: as much as a diff is shown of. */
function inventLongPatch(): string {
  const lines = Array.from({ length: 500 }, (_, n) =>
    n % 5 === 0
      ? `+  const total${n} = await sumOf(orders[${n}], "a line of usual length");`
      : ` line ${n}`,
  );
  return Array.from({ length: 40 }, (_, n) =>
    [
      `diff --git a/src/part-${n}.ts b/src/part-${n}.ts`,
      `--- a/src/part-${n}.ts`,
      `+++ b/src/part-${n}.ts`,
      "@@ -1,400 +1,500 @@",
      ...lines,
      "",
    ].join("\n"),
  ).join("");
}

/** Nights for as many as may, one by day, and a quiet Sunday. */
function weekOf(essential: readonly string[], hasHours: boolean): HoursWeek {
  const stretch = (from: string, to: string, workers: number | null): HoursStretch => ({
    from,
    to,
    workers,
    essential: workers === null ? [] : [...essential],
  });
  const days = ["Sat 21", "Sun 22", "Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27"];
  return {
    zone: "Europe/Berlin",
    hasHours,
    now: { workers: null, essential: [], until: "Sun 22 Nov, 00:00 (Europe/Berlin)" },
    days: days.map((day) => ({
      day: `${day} Nov`,
      stretches: day.startsWith("Sun")
        ? [stretch("00:00", "24:00", 0)]
        : day.startsWith("Sat")
          ? [stretch("00:00", "24:00", null)]
          : [
              stretch("00:00", "08:00", null),
              stretch("08:00", "18:00", 1),
              stretch("18:00", "24:00", null),
            ],
    })),
  };
}
