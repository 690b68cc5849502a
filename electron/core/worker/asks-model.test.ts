import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { AskAnswer } from "../../../shared/model/ask.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { silentLog } from "../base/log.ts";
import {
  readClaudeAsk,
  readClaudeGate,
  writeClaudeAnswer,
} from "../provider/claude/read-claude-ask.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProfile, sampleProject, sampleSession } from "../store/sample-rows.ts";
import { Asks } from "./asks.ts";

const home = mkdtempSync(join(tmpdir(), "switchyard-asks-"));
const folder = dataFolder(home);
prepareDataFolder(folder);
const clock = fakeClock();
const store = openStore({ folder, clock, mode: "write" });
store.write("test", () => {
  store.projects.insert(sampleProject());
  store.profiles.insert(sampleProfile({ cap: 100_000 }), {});
});
afterAll(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

/** One session, its host, and whichever core there is. The core may die before an answer of its reaches the host. */
class World {
  static #count = 0;
  readonly #name = `world-${++World.#count}`;
  readonly session: SessionId;
  readonly held = new Map<string, { purpose: "ask" | "gate"; body: string }>();
  /** What the asker was told, by request. */
  readonly told = new Map<string, string>();
  asks: Asks;
  #isCut = false;
  #requests = 0;

  constructor() {
    this.session = store.write("test", () =>
      store.sessions.insert(sampleSession({ state: "working" })),
    ).id;
    this.asks = this.#core();
  }

  #core(): Asks {
    const asks = new Asks({
      store,
      clock,
      log: silentLog,
      held: async () => [...this.held.keys()],
      answer: async (request, body) => {
        if (this.#isCut) throw new Error("the core died");
        if (!this.held.delete(request)) return false;
        expect(this.told.has(request), "answered once").toBe(false);
        this.told.set(request, body);
        return true;
      },
      read: (purpose, body) => (purpose === "gate" ? readClaudeGate(body) : readClaudeAsk(body)),
      write: writeClaudeAnswer,
      hear: (id, { kind, signal, at }) => {
        const state = kind === "tool-started" ? "working" : "needs-input";
        const evidence = [{ signal, at, detail: null }];
        store.write("test", () => store.sessions.update(id, { state, evidence }));
      },
    });
    asks.run();
    return asks;
  }

  async ask(purpose: "ask" | "gate"): Promise<void> {
    const request = `${this.#name}-${++this.#requests}`;
    const call = { tool_name: "Bash", tool_input: { command: request }, why: "it may destroy" };
    this.held.set(request, { purpose, body: JSON.stringify(call) });
    await this.#deliver(request);
  }

  async #deliver(request: string): Promise<void> {
    const waiting = this.held.get(request);
    if (waiting)
      await this.asks
        .take({ request, session: this.session, ...waiting, at: clock.now().toISOString() })
        .catch(() => {});
  }

  /** The pick-th ask of this session is answered, whatever state it is in. */
  async answer(pick: number, answer: AskAnswer, diesFirst: boolean): Promise<void> {
    const rows = this.rows();
    const row = rows[pick % Math.max(1, rows.length)];
    if (!row) return;
    this.#isCut = diesFirst;
    const outcome = await this.asks.answer(row.id, answer).then(
      () => "taken",
      () => "refused",
    );
    this.#isCut = false;
    if (row.state !== "open") expect(outcome).toBe("refused");
    if (diesFirst) await this.restart();
  }

  move(state: "working" | "interrupted" | "needs-input", level: string): void {
    const at = new Date(clock.now().getTime() + 1_000).toISOString();
    const evidence = [{ signal: `level:${level}`, at, detail: null }];
    store.write("test", () => store.sessions.update(this.session, { state, evidence }));
  }

  hangUp(pick: number): void {
    const request = [...this.held.keys()][pick % Math.max(1, this.held.size)];
    if (request === undefined) return;
    this.held.delete(request);
    this.asks.dropped(request);
  }

  /** Another core finds the store and the host as they are; the host hands over what it holds. */
  async restart(): Promise<void> {
    this.asks[Symbol.dispose]();
    this.asks = this.#core();
    await this.asks.reconcile();
    for (const request of [...this.held.keys()]) await this.#deliver(request);
  }

  rows() {
    return store.asks.list({ session: this.session });
  }
}

const pick = fc.nat(20);
const answer = fc.constantFrom<AskAnswer>({ kind: "allow" }, { kind: "deny", note: "no" });
const step = fc.oneof(
  fc
    .constantFrom("ask" as const, "gate" as const)
    .map((purpose) => (world: World) => world.ask(purpose)),
  fc.tuple(pick, answer, fc.boolean()).map(
    ([which, given, diesFirst]) =>
      (world: World) =>
        world.answer(which, given, diesFirst),
  ),
  fc
    .constantFrom(["working", "busy"], ["interrupted", "idle"], ["needs-input", "waiting"], [
      "working",
      "waiting",
    ] as const)
    .map(
      ([state, level]) =>
        async (world: World) =>
          world.move(state as "working", level ?? ""),
    ),
  pick.map((which) => async (world: World) => world.hangUp(which)),
  fc.constant((world: World) => world.restart()),
);

test("whatever comes in whatever order: one row a request, one answer a request, and it is the row's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (story) => {
      const world = new World();
      try {
        for (const happen of story) {
          await happen(world);
          await clock.advance(5_000);
          const rows = world.rows();
          expect(new Set(rows.map(({ request }) => request)).size).toBe(rows.length);
          for (const row of rows) {
            const body = world.told.get(row.request);
            if (body !== undefined) expect(body, row.state).toBe(writeClaudeAnswer(row));
            // The gate's asker goes on only with a yes of a person's.
            if (row.kind === "gate" && body?.includes("allow")) expect(row.state).toBe("allowed");
          }
        }
        // After one more core nothing is open that nobody waits for, and nobody waits for what is answered.
        await world.restart();
        for (const row of world.rows())
          expect([row.request, row.state === "open"]).toEqual([
            row.request,
            world.held.has(row.request),
          ]);
      } finally {
        world.asks[Symbol.dispose]();
      }
    }),
    { numRuns: 60 },
  );
});
