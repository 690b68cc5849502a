import path from "node:path";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { describeSilence } from "../../shared/model/core-health.ts";
import { pushRemoteOf } from "../../shared/model/settings.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { composeCheckEnvironment } from "./compose-check-environment.ts";
import { composeFinisher } from "./compose-finisher.ts";
import { listDispatchClashes } from "./compose-forecast.ts";
import { composeHandOver } from "./compose-handoffs.ts";
import { composeKeepers } from "./compose-keepers.ts";
import { composeLocks } from "./compose-locks.ts";
import { composeMergeQueue } from "./compose-merge-queue.ts";
import { composeMoves } from "./compose-moves.ts";
import { composeRefusals } from "./compose-refusals.ts";
import { composeSessionSetUp } from "./compose-session-set-up.ts";
import { composeSessions } from "./compose-sessions.ts";
import { composeSignIns } from "./compose-sign-ins.ts";
import { composeStartGate } from "./compose-start-gate.ts";
import { composeStarter } from "./compose-starter.ts";
import { composeStrays } from "./compose-strays.ts";
import type { CoreParts } from "./core-parts.ts";
import { createWorkerActions } from "./gateway/worker-actions.ts";
import { answerToolMessage } from "./gateway/worker-tools.ts";
import { Publisher } from "./merge-queue/publisher.ts";
import type { MergeQueue } from "./merge-queue/queue-runner.ts";
import { endMarked } from "./process/sweep-marked.ts";
import {
  readClaudeAsk,
  readClaudeGate,
  writeClaudeAnswer,
} from "./provider/claude/read-claude-ask.ts";
import type { TaskRecord } from "./store/store.ts";
import type { Hold } from "./supervisor/awake-keeper.ts";
import { BootProbes } from "./supervisor/boot-probes.ts";
import type { BuildLocks } from "./supervisor/build-locks.ts";
import { DiskKeeper } from "./supervisor/disk-keeper.ts";
import { Dispatcher } from "./supervisor/dispatcher.ts";
import { describeHalt, haltFleet } from "./supervisor/fleet-halt.ts";
import { HoursKeeper } from "./supervisor/hours-keeper.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import type { MoveKeeper } from "./supervisor/move-keeper.ts";
import { Supervisor } from "./supervisor/supervisor.ts";
import { taskSlug } from "./task/task-slug.ts";
import type { HostPlace } from "./terminal/ensure-host.ts";
import { type HeldRequest, HostLink } from "./terminal/host-link.ts";
import { Asks } from "./worker/asks.ts";
import type { Sessions } from "./worker/sessions.ts";
import type { SignIns } from "./worker/sign-ins.ts";

export interface FleetParts extends CoreParts {
  readonly hostPlace: HostPlace;
  /** The bundled command line. */
  readonly cli: string;
  /** Null where there is no way to keep the machine awake. */
  readonly keepAwake: () => Hold | null;
}

/** Everything that runs: sessions, the supervisor, the merge queue. */
export interface Fleet extends AsyncDisposable {
  readonly sessions: Sessions;
  readonly asks: Asks;
  readonly locks: BuildLocks;
  readonly dispatcher: Dispatcher;
  readonly queue: MergeQueue;
  readonly publisher: Publisher;
  readonly host: () => Client<HostContract>;
  /** Resolves when the terminal host is there and its sessions are joined with the store's; not at all when that fails. */
  readonly connected: Promise<void>;
  /** Why nothing at all is started; null while work goes out. */
  halted(): string | null;
  readonly signIns: SignIns;
  readonly moves: MoveKeeper;
  /** Takes everything in hand again after a while: something that followed from a commit failed. */
  lookAgain(): void;
  /** Ends the terminal host; refused while it runs a session. */
  endHost(): Promise<void>;
  /** Settles what an earlier core left open, then takes up the work. */
  run(): Promise<void>;
}

export function composeFleet(parts: FleetParts): Fleet {
  const { store, folder, clock, log, steps, settings, composed, signal } = parts;
  const { profiles } = composed;
  let link: HostLink | null = null;
  let isGivenUp = false;
  const connected = () => {
    if (link) return link;
    throw new SwitchyardError(
      "needs-app",
      "The terminal host is not connected yet.",
      "Try again in a moment.",
    );
  };
  const host = () => connected().client;
  /** Why nothing is started while the host answers nothing. */
  const silence = () => {
    const { hostSilence } = parts.health.read();
    return hostSilence && describeSilence(hostSilence).text;
  };
  const worktreeOf = (task: TaskRecord) =>
    task.worktree ??
    path.join(folder.worktrees, task.project, `${task.id}-${taskSlug(task.title)}`);
  const strays = composeStrays(parts);
  const environment = composeCheckEnvironment(parts);
  const building = composeLocks({
    ...parts,
    checkEnvironment: environment.of,
    runsUnderWay: () => queue.parallel.underWay,
  });
  const setUp = composeSessionSetUp({ ...parts, building, port: () => connected().port });

  const sessions = composeSessions({ ...parts, host, strays });
  const queue = composeMergeQueue({ ...parts, sessions, building, environment });
  const publisher = new Publisher({
    store,
    clock,
    log,
    remoteOf: (project) => pushRemoteOf(settings.of(project)),
  });

  const finisher = composeFinisher({ ...parts, queue, building, worktreeOf });
  const { programs } = building;
  const starter = composeStarter({ ...parts, sessions, strays, setUp, programs });
  const signIns = composeSignIns({
    ...parts,
    sessions,
    host,
    openLinkFileOf: (session) => setUp.writePlainFiles(session).openLinkFile,
  });
  const gate = composeStartGate(parts, () => link?.hostPid ?? null);
  const disk = new DiskKeeper({
    store,
    clock,
    log,
    places: () => [folder.home, ...store.projects.list().map((project) => project.path)],
    onRoom: () => dispatcher.wake(),
  });
  const dispatcher = new Dispatcher({
    store,
    steps,
    log,
    clock,
    random: Math.random,
    worktreeOf,
    placer: parts.placer,
    hoursOf: parts.hoursOf,
    clashes: () => listDispatchClashes(parts),
    shut: () => disk.reason ?? silence(),
    start: (session, task, leaving) =>
      gate.run(session, () => starter.start(session, task, leaving), leaving),
  });

  const hours = new HoursKeeper({ ...parts, sessions, wake: () => dispatcher.wake() });
  const supervisor = new Supervisor({
    store,
    clock,
    log,
    steps,
    sessions,
    dispatcher,
    finisher,
    noteLimit: composeRefusals({ store, clock, limits: profiles.limits }),
    noteAnswered: (name) => profiles.limits.noteAnswered(name),
    noteSignedOut: (name, reason) => profiles.noteAuthFailure(name, reason),
    noteBroken: (name, reason) => profiles.noteBroken(name, reason),
    onSignInEnded: (session) => profiles.afterLogin(session.profile, signal),
    endOffHours: (session, task) => hours.endIfTooMany(session, task),
    othersLookAgain: () => {
      asks.lookAgain();
      for (const keeper of keepers) keeper.lookAgain?.();
    },
  });

  const probes = new BootProbes({
    store,
    log,
    async probe(profile, leaving) {
      // A sign-in that was finished while no core ran counts as the person's.
      if (signIns.hasEndedSince(profile)) await profiles.afterLogin(profile.name, leaving);
      else if (profile.state !== "disabled") await profiles.recheck(profile.name, leaving);
    },
  });
  const { locks } = building;
  const watching = composeKeepers({ ...parts, sessions, dispatcher, finisher, host, locks });
  const halted = () => {
    if (isGivenUp) return "The terminal host does not stay up; start Switchyard again.";
    return describeHalt(store.fleet.read()) ?? disk.reason ?? silence();
  };
  const moves = composeMoves({ ...parts, sessions, dispatcher, halted });
  const keepers: readonly Keeper[] = [hours, ...watching, moves, probes];

  const asks = new Asks({
    store,
    clock,
    log,
    held: () => host().call("held", {}),
    answer: async (request, body) =>
      (await host().call("answer", { request, status: 200, body })).isTaken,
    read: (purpose, body) => (purpose === "gate" ? readClaudeGate(body) : readClaudeAsk(body)),
    write: writeClaudeAnswer,
    hear: (id, evidence) => sessions.hear(id, evidence),
  });
  const actions = createWorkerActions({
    store,
    steps,
    finisher,
    asks,
    handOver: composeHandOver(parts),
    signal,
  });
  const onRequest = async (asked: HeldRequest) => {
    const { request, session, purpose, body } = asked;
    if (purpose !== "mcp") return asks.take({ ...asked, purpose });
    const answer = await answerToolMessage(session, request, body, actions);
    await host().call("answer", { request, ...answer });
  };
  /** What the host tells waits until this core has its connection in hand. */
  const opened = Promise.withResolvers<void>();
  const whenOpen = (what: string, work: () => void | Promise<void>) => {
    opened.promise.then(work).catch((error: unknown) => {
      // Who waits for an answer when the core ends is handed over to the next one.
      if (!signal.aborted) log.error({ error }, `${what} failed`);
    });
  };
  const openLink = async () => {
    link = await HostLink.open(
      parts.hostPlace,
      {
        onConnected: () =>
          whenOpen("joining the sessions with the host", async () => {
            await sessions.reconcile();
            await asks.reconcile();
          }),
        onSilence: (silent) => {
          parts.health.change({ hostSilence: silent });
          if (silent) log.warn({ silent }, "the terminal host does not answer");
          else {
            log.info({}, "the terminal host answers again");
            // What it was asked meanwhile may have been given up here and done there.
            whenOpen("joining the sessions with the host", () => sessions.reconcile());
            dispatcher.wake();
          }
        },
        onLost: () => log.warn({}, "the terminal host is gone; it is started again"),
        onGivenUp: (error) => {
          log.error({ error }, "the terminal host does not come back");
          // Each start would fail, and be charged to its task.
          dispatcher.halt();
          store.write("supervisor", (record) =>
            record("host.given-up", "host", {
              reason:
                "The terminal host does not stay up, so no work is started. Its log is in the data folder; start Switchyard again once that is mended.",
            }),
          );
          isGivenUp = true;
        },
        onExited: ({ session, exit }) =>
          whenOpen("noting an exit", () => sessions.onExit(session, exit)),
        onSignal: ({ session, signal: told }) =>
          whenOpen("noting a signal", () => sessions.onSignal(session, told)),
        onRequest: (request) => whenOpen("answering a request", () => onRequest(request)),
        onDropped: ({ request }) => whenOpen("noting a request's end", () => asks.dropped(request)),
      },
      signal,
    );
    // Settled before anything the host told meanwhile is taken in.
    await sessions.reconcile();
    asks.run();
    opened.resolve();
  };

  return {
    sessions,
    asks,
    locks: building.locks,
    dispatcher,
    queue,
    publisher,
    host,
    connected: opened.promise,
    halted,
    signIns,
    moves,
    lookAgain() {
      supervisor.lookAgain();
      publisher.lookAgain();
    },
    endHost: () => connected().endHost(),
    async run() {
      // Checks outlive a core that was killed, and would go on in worktrees that are used anew.
      const left = await endMarked(environment.mark, clock, signal);
      if (left.length > 0) log.warn({ left }, "checks of an earlier core do not end");
      await openLink();
      await strays.endAll();
      // A halt that a crash cut short is brought to its end.
      if (store.fleet.read().isHalted)
        haltFleet({ store, sessions }, null, "recovery").catch((error: unknown) =>
          log.error({ error }, "stopping everything failed"),
        );
      await parts.worktrees.settle();
      await queue.settle(signal);
      parts.health.change({ isRecovering: false });
      profiles.limits.run();
      // A full disk is known before anything is handed out.
      disk.run();
      await disk.settled();
      supervisor.run();
      signIns.run();
      publisher.run();
      for (const keeper of keepers) keeper.run();
    },
    async [Symbol.asyncDispose]() {
      for (const keeper of [...keepers].reverse()) await keeper[Symbol.asyncDispose]();
      await disk[Symbol.asyncDispose]();
      await supervisor.dispose();
      await publisher[Symbol.asyncDispose]();
      await queue.dispose();
      asks[Symbol.dispose]();
      profiles.limits[Symbol.dispose]();
      signIns[Symbol.dispose]();
      sessions.dispose();
      building[Symbol.dispose]();
      await link?.[Symbol.asyncDispose]();
    },
  };
}
