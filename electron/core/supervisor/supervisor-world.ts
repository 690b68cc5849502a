import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import {
  type HostContract,
  type HostSession,
  hostContract,
  type Signal,
} from "../../../shared/contract/host-contract.ts";
import { createClient, type Peer, serveWire } from "../../../shared/contract/rpc.ts";
import { createWirePair } from "../../../shared/contract/wire.ts";
import type { TestsRun } from "../../../shared/model/check.ts";
import {
  ProfileName,
  ProjectName,
  type SessionId,
  type TaskId,
} from "../../../shared/model/ids.ts";
import type { SessionState } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { TaskStatus } from "../../../shared/model/task.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { silentLog } from "../base/log.ts";
import type { Pool } from "../profile/plan-placement.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";
import { openStore } from "../store/open-store.ts";
import { Sessions } from "../worker/sessions.ts";
import { Dispatcher } from "./dispatcher.ts";
import { TaskFinisher } from "./finish-task.ts";
import { HoursKeeper } from "./hours-keeper.ts";
import { Placer } from "./placer.ts";
import { StartGate } from "./start-gate.ts";
import { Supervisor } from "./supervisor.ts";
import { TaskSteps } from "./task-steps.ts";

const project = ProjectName.parse("app");
const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A terminal host without terminals: it remembers what it was asked, and says what the test lets it say. */
function inventHost() {
  const rows = new Map<SessionId, HostSession>();
  const typed: string[] = [];
  const stopped: SessionId[] = [];
  /** Sessions whose processes do not end, whatever they are sent. */
  const unkillable = new Set<SessionId>();
  const silence = Promise.withResolvers<void>();
  let isSilent = false;
  /** From now on it ends nothing, and everybody knows. */
  const fallSilent = () => {
    isSilent = true;
    silence.resolve();
  };
  /** What a session that is read on has told; one signal comes at a time. */
  const journal: Signal[] = [];
  let lastPid = 1000;
  const peers: Peer<HostContract>[] = [];
  const end = (session: SessionId, code: number | null, signal: string | null) => {
    const exit = { code, signal, at: "2026-11-21T09:00:00.000Z" };
    const row = rows.get(session);
    if (row) rows.set(session, { ...row, exit });
    return exit;
  };
  const unused = () => {
    throw new Error("not part of this world");
  };
  const connect = () => {
    const [ours, theirs] = createWirePair();
    peers.push(
      serveWire(hostContract, theirs, {
        hello: unused,
        list: () => [...rows.values()],
        spawn: ({ session, cols, rows: height }) => {
          const row = {
            session,
            pid: ++lastPid,
            startTicks: "1",
            startedAt: "2026-11-21T09:00:00.000Z",
            cols,
            rows: height,
            offset: 0,
            signalSeq: 0,
            exit: null,
          };
          rows.set(session, row);
          return row;
        },
        attach: unused,
        focus: unused,
        detach: unused,
        write: ({ base64 }) => {
          typed.push(Buffer.from(base64, "base64").toString("utf8"));
          return {};
        },
        resize: unused,
        limit: unused,
        kill: unused,
        stop: ({ session }) => {
          stopped.push(session);
          if (isSilent) return new Promise(() => {});
          if (unkillable.has(session))
            throw new SwitchyardError("timeout", "Its processes do not end.");
          return end(session, 143, null);
        },
        read: unused,
        text: unused,
        signals: ({ since }) => journal.slice(since, since + 1),
        answer: unused,
        held: unused,
        forget: ({ session }) => {
          rows.delete(session);
          return {};
        },
        shutdown: unused,
      }),
    );
    return createClient(hostContract, ours);
  };
  const untilSilent = () => silence.promise;
  /** Whether this core has joined it. */
  const link = { isThere: true };
  return { connect, rows, typed, stopped, unkillable, journal, end, fallSilent, untilSilent, link };
}

interface WorldOptions {
  readonly cap?: number;
  readonly checksPass?: boolean;
  /** What every check says of its tests. */
  readonly tests?: TestsRun;
  /** What each check waits for. */
  readonly checking?: (signal: AbortSignal) => Promise<void>;
  readonly isWorktreeGone?: boolean;
  readonly startGapMs?: number;
  /** What follows from a commit may fail, as on a full disk; else that ends the test. */
  readonly survivesFailures?: boolean;
  readonly shut?: () => string | null;
}

/** For tests only: a supervisor with its real store, sessions and dispatcher over an invented host, gone when the test ends. */
export function createWorld({
  cap = 2,
  checksPass = true,
  tests,
  checking = async () => undefined,
  isWorktreeGone = false,
  startGapMs = 0,
  survivesFailures = false,
  shut = () => null,
}: WorldOptions = {}) {
  const home = mkdtempSync(join(tmpdir(), "switchyard-supervisor-"));
  cleanups.push(() => rmSync(home, { recursive: true, force: true }));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  const clock = fakeClock();
  const onListenerFailure = () => supervisor.lookAgain();
  const survival = survivesFailures ? { onListenerFailure } : {};
  const store = openStore({ folder, clock, mode: "write", ...survival });
  cleanups.push(() => store.close());
  const host = inventHost();
  const client = host.connect();
  const steps = new TaskSteps(store);
  const limits: ProfileName[] = [];
  const signedOut: ProfileName[] = [];
  const broken: ProfileName[] = [];
  /** Sessions whose work was kept before their end. */
  const kept: { id: SessionId; wasStopped: boolean }[] = [];
  /** Sessions whose stray processes were ended. */
  const strays: SessionId[] = [];
  /** What the machine has left; null: nobody asks. */
  const room: { freeMemoryMb: number | null } = { freeMemoryMb: null };
  /** How often whoever else follows commits was told to look again. */
  const looks = { again: 0 };
  const signIns = { ended: [] as SessionId[], failing: false };
  const hold: { reason: string | null } = { reason: null };
  const pools: Pool[] = [];
  const hours: { workers: number | null; essential: string[]; until: string | null } = {
    workers: null,
    essential: [],
    until: null,
  };
  const reserve = { slots: 0, windowPercent: 0 };
  const unclaimable: { title: string | null } = { title: null };
  /** What the record of any conversation says of its newest turn. */
  const record: { told: EvidenceEvent | null } = { told: null };
  let told = 0;
  const sessions = new Sessions({
    store,
    clock,
    log: silentLog,
    host: () => {
      if (host.link.isThere) return client;
      throw new SwitchyardError("needs-app", "The terminal host is not connected.");
    },
    folderOf: (id) => join(home, id),
    // In this world a signal's body is the evidence itself.
    readSignal: (signal) => ({ evidence: [signal.body as EvidenceEvent], gauge: null }),
    watchLevel: () => undefined,
    readTurn: () => record.told,
    beforeEnd: async ({ id }) => {
      kept.push({ id, wasStopped: host.stopped.includes(id) });
    },
    endStrays: async (id) => {
      strays.push(id);
      return [];
    },
    untilSilent: host.untilSilent,
    noteUsage: () => undefined,
  });
  const finisher = new TaskFinisher({
    store,
    steps,
    readWorktree: async () => {
      if (isWorktreeGone) throw new Error("the worktree is gone");
      return { dirty: [], head: "a".repeat(40), commits: 1 };
    },
    runCheck: async (check, _task, _session, signal) => {
      await checking(signal);
      return {
        name: check.name,
        command: check.run,
        exitCode: checksPass ? 0 : 1,
        durationMs: 1,
        reason: null,
        tail: "",
        ...(tests && { tests }),
      };
    },
    inspect: async () => null,
    enqueue: (task, head, summary) =>
      store.entries.insert({
        project,
        task: task.id,
        branch: task.branch ?? `switchyard/${task.id}`,
        head,
        summary,
        attempt: task.attempts,
        priority: task.priority,
      }).id,
  });
  const gate = new StartGate({
    store,
    clock,
    log: silentLog,
    limits: () => ({
      gapMs: startGapMs,
      atOnce: 9,
      freeMemoryMb: room.freeMemoryMb === null ? null : 400,
      loadPerCore: null,
    }),
    readRoom: () => ({ ...room, loadPerCore: null, freeTerminals: null, freeFiles: null }),
  });
  const placer = new Placer({
    store,
    clock,
    rulesOf: () => ({ weights: {}, pools, reserve }),
    holdOf: () => ({ reason: hold.reason, windowPercent: null }),
  });
  const dispatcher = new Dispatcher({
    store,
    steps,
    clock,
    random: () => 0.5,
    log: silentLog,
    shut,
    placer,
    hoursOf: () => hours,
    clashes: () => [],
    worktreeOf: (task) => {
      if (task.title === unclaimable.title) throw new Error("nothing can be saved");
      return join(home, task.id);
    },
    start: (session, _task, signal) =>
      gate.run(
        session,
        () => sessions.begin(session, { file: "claude", args: [], env: {} }),
        signal,
      ),
  });
  const hoursKeeper = new HoursKeeper({
    store,
    clock,
    log: silentLog,
    steps,
    sessions,
    hoursOf: () => hours,
    wake: () => dispatcher.wake(),
  });
  cleanups.push(() => hoursKeeper[Symbol.asyncDispose]());
  const supervisor = new Supervisor({
    store,
    clock,
    log: silentLog,
    steps,
    sessions,
    dispatcher,
    finisher,
    noteLimit: (name, { reason }) => {
      limits.push(name);
      if (reason?.includes("concurrent")) {
        const { live } = store.profiles.list()[0] ?? { live: 0 };
        store.write("test", () => store.profiles.update(name, { learnedCap: live - 1 }));
        return "leaves";
      }
      store.write("test", () => store.profiles.update(name, { state: "resting" }));
      return "waits";
    },
    noteSignedOut: (name) => {
      signedOut.push(name);
      store.write("test", () => store.profiles.update(name, { state: "signed-out" }));
    },
    noteBroken: (name) => void broken.push(name),
    onSignInEnded: async ({ id }) => {
      signIns.ended.push(id);
      if (signIns.failing) throw new Error("the program could not be started");
    },
    endOffHours: (session, task) => hoursKeeper.endIfTooMany(session, task),
    othersLookAgain: () => {
      looks.again += 1;
    },
  });
  cleanups.push(() => supervisor.dispose());
  cleanups.push(() => sessions.dispose());

  store.write("person", () => {
    store.projects.insert({
      name: project,
      path: home,
      target: "main",
      checks: [{ name: "tests", run: "true", timeoutMs: 1000 }],
      withoutChecks: false,
      land: "merge",
      approve: "auto",
      strategy: "fill",
      maxWorkers: 9,
      queue: { state: "running", reason: null },
    });
    store.profiles.insert(
      {
        name: ProfileName.parse("max-1"),
        provider: "claude",
        plan: "max",
        dir: null,
        cap,
        learnedCap: null,
        executable: null,
        state: "ready",
        reason: null,
        restsUntil: null,
        account: null,
        checkedAt: null,
      },
      {},
    );
  });

  const world = {
    home,
    project,
    placer,
    client: () => client,
    store,
    steps,
    sessions,
    supervisor,
    dispatcher,
    finisher,
    host,
    clock,
    limits,
    signedOut,
    broken,
    strays,
    record,
    kept,
    room,
    unclaimable,
    looks,
    signIns,
    hold,
    pools,
    reserve,
    hours,
    hoursKeeper,
    setProfile: (state: "ready" | "resting") =>
      store.write("test", () => {
        store.profiles.update(ProfileName.parse("max-1"), { state });
      }),
    addTask(title: string, after: readonly TaskId[] = [], labels: readonly string[] = []): TaskId {
      return store.write("person", () => {
        const task = store.tasks.insert({
          project,
          plan: null,
          title,
          body: "",
          status: "draft",
          reason: null,
          priority: 3,
          after: [...after],
          labels: [...labels],
          paths: [],
          pinnedProfile: null,
          model: null,
          acceptance: [],
        });
        steps.survey(task.id, "person");
        return task.id;
      });
    },
    tell(task: TaskId, evidence: object) {
      const session = world.sessionOf(task);
      told += 1;
      const at = new Date(clock.now().getTime() + told).toISOString();
      sessions.onSignal(session.id, {
        seq: session.signalSeq + 1,
        at,
        kind: "hook",
        body: { at, signal: "hook:Test", ...evidence },
      });
    },
    sessionOf(task: TaskId) {
      const id = steps.require(task).session;
      const session = id ? store.sessions.find(id) : undefined;
      if (!session) throw new Error(`${task} has no session`);
      return session;
    },
    crash(task: TaskId) {
      const { id } = world.sessionOf(task);
      sessions.onExit(id, host.end(id, 1, null));
    },
    /** Waits until the store says so; every wait here is ended by a commit. */
    async until(isSo: () => boolean) {
      if (isSo()) return;
      await new Promise<void>((resolve) => {
        const stop = store.onCommit(() => {
          if (!isSo()) return;
          stop();
          resolve();
        });
      });
    },
    untilTask: (task: TaskId, status: TaskStatus) =>
      world.until(() => steps.require(task).status === status),
    untilStarted: (task: TaskId) =>
      world.until(() => steps.require(task).session !== null && world.sessionOf(task).pid !== null),
    untilSession: (id: SessionId, state: SessionState) =>
      world.until(() => store.sessions.find(id)?.state === state),
  };
  return world;
}

export const prompt = { kind: "prompt-accepted", prompt: "go", isSynthetic: false };
export const turnEnded = { kind: "turn-ended", lastMessage: "done", hasBackgroundWork: false };
