import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { describeSilence } from "../../shared/model/core-health.ts";
import type { ProjectName } from "../../shared/model/ids.ts";
import { asksNothing } from "../../shared/model/permission-mode.ts";
import type { Project } from "../../shared/model/project.ts";
import { pullRequestRemoteOf, pushRemoteOf } from "../../shared/model/settings.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { Clock } from "./base/clock.ts";
import type { DataFolder } from "./base/data-folder.ts";
import type { Log } from "./base/log.ts";
import { listDispatchClashes } from "./compose-forecast.ts";
import { composeHandOver, composeHandoffMark } from "./compose-handoffs.ts";
import { composeKeepers } from "./compose-keepers.ts";
import { composeLocks } from "./compose-locks.ts";
import { composeMoves } from "./compose-moves.ts";
import type { composeProfiles } from "./compose-profiles.ts";
import { composeRefusals } from "./compose-refusals.ts";
import { composeResolving } from "./compose-resolving.ts";
import { composeSignIns } from "./compose-sign-ins.ts";
import { composeStartGate } from "./compose-start-gate.ts";
import { composeStrays } from "./compose-strays.ts";
import { processesMaxOf } from "./compose-watchdog.ts";
import type { composeWorkerSettings } from "./compose-worker-settings.ts";
import type { Worktrees } from "./compose-worktrees.ts";
import type { LiveHealth } from "./gateway/live-health.ts";
import { createWorkerActions } from "./gateway/worker-actions.ts";
import { answerToolMessage } from "./gateway/worker-tools.ts";
import { pinOf } from "./git/pin-worktree.ts";
import { openRepository } from "./git/repository.ts";
import { setUpCheck } from "./merge-queue/check-runner.ts";
import type { LiveForecasts } from "./merge-queue/live-forecasts.ts";
import { Publisher } from "./merge-queue/publisher.ts";
import { MergeQueue } from "./merge-queue/queue-runner.ts";
import { isReturnedByPerson } from "./merge-queue/returned-by-person.ts";
import { shellWord } from "./process/own-programs.ts";
import { runCommand } from "./process/run-command.ts";
import { createRunGh } from "./process/run-gh.ts";
import { buildEnvironment } from "./process/session-environment.ts";
import { endMarked } from "./process/sweep-marked.ts";
import { isAnswerOld } from "./profile/is-answer-old.ts";
import { ClaudeLevels } from "./provider/claude/claude-levels.ts";
import { areSettingsNewer } from "./provider/claude/find-settings-file.ts";
import { gateOfSession } from "./provider/claude/gate/gate-of-session.ts";
import { allowInSlots, locksOfSession } from "./provider/claude/gate/session-locks.ts";
import { planClaudeLaunch } from "./provider/claude/plan-claude-launch.ts";
import { prepareClaudeProfile } from "./provider/claude/prepare-claude-profile.ts";
import {
  readClaudeAsk,
  readClaudeGate,
  writeClaudeAnswer,
} from "./provider/claude/read-claude-ask.ts";
import { readClaudeSignal } from "./provider/claude/read-claude-signal.ts";
import { transcriptFile } from "./provider/claude/read-last-messages.ts";
import { readToldTurn } from "./provider/claude/read-told-turn.ts";
import {
  type NodeCommand,
  type SessionFiles,
  type SessionGate,
  type SessionSandbox,
  writeSessionFiles,
} from "./provider/claude/write-session-files.ts";
import type { SessionRecord, Store, TaskRecord } from "./store/store.ts";
import type { Hold } from "./supervisor/awake-keeper.ts";
import { BootProbes } from "./supervisor/boot-probes.ts";
import type { BuildLocks } from "./supervisor/build-locks.ts";
import { DiskKeeper } from "./supervisor/disk-keeper.ts";
import { Dispatcher } from "./supervisor/dispatcher.ts";
import { TaskFinisher } from "./supervisor/finish-task.ts";
import { describeHalt, haltFleet } from "./supervisor/fleet-halt.ts";
import { HoursKeeper } from "./supervisor/hours-keeper.ts";
import type { Keeper } from "./supervisor/keeper.ts";
import type { MoveKeeper } from "./supervisor/move-keeper.ts";
import type { Placer } from "./supervisor/placer.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";
import { Supervisor } from "./supervisor/supervisor.ts";
import type { TaskSteps } from "./supervisor/task-steps.ts";
import type { DispatchHours } from "./task/plan-dispatch.ts";
import { taskBranch, taskSlug } from "./task/task-slug.ts";
import type { HostPlace } from "./terminal/ensure-host.ts";
import { type HeldRequest, HostLink } from "./terminal/host-link.ts";
import type { WatchedSessions } from "./terminal/watched-sessions.ts";
import { createUsage } from "./usage/usage.ts";
import { Asks } from "./worker/asks.ts";
import { Sessions } from "./worker/sessions.ts";
import type { SignIns } from "./worker/sign-ins.ts";
import { WorkerStarter } from "./worker/start-worker.ts";
import { readWorkplace } from "./worker/workplace.ts";

export interface FleetParts {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: TaskSteps;
  readonly settings: SettingsFiles;
  readonly composed: ReturnType<typeof composeProfiles>;
  readonly placer: Placer;
  readonly hoursOf: (project: ProjectName) => DispatchHours;
  readonly worktrees: Worktrees;
  readonly health: LiveHealth;
  readonly hostPlace: HostPlace;
  readonly node: NodeCommand;
  readonly shim: string;
  readonly gateShim: string;
  /** The bundled command line. */
  readonly cli: string;
  readonly watched: WatchedSessions;
  readonly forecasts: LiveForecasts;
  readonly workers: ReturnType<typeof composeWorkerSettings>;
  /** Null where there is no way to keep the machine awake. */
  readonly keepAwake: () => Hold | null;
  readonly signal: AbortSignal;
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
  const usage = createUsage({ store, clock, log });
  const levels = new ClaudeLevels(clock, homedir());
  const worktreeOf = (task: TaskRecord) =>
    task.worktree ??
    path.join(folder.worktrees, task.project, `${task.id}-${taskSlug(task.title)}`);
  // Names the folder too: checks of another one are not ours to end.
  const checkMark = { SWITCHYARD_CHECK: folder.home };
  const strays = composeStrays(parts);
  const declaredBy = (project: Project | null) =>
    (project && settings.of(project).queue?.env) ?? [];
  const checkEnvironment = (project: Project | null) =>
    buildEnvironment({
      person: process.env,
      allowed: declaredBy(project),
      additions: checkMark,
    });
  const runsUnderWay = () => queue.parallel.underWay;
  const building = composeLocks({ ...parts, checkEnvironment, runsUnderWay });
  const { programs } = building;
  // The provider's sandbox lets no program reach the core.
  const lockedOf = (project: Project) =>
    parts.workers.isSandboxed(project.name) ? [] : building.commandsOf(project);
  const locksOf = (name: ProjectName | null) => {
    const project = name ? store.projects.find(name) : undefined;
    return project ? locksOfSession(lockedOf(project), shellWord(programs.switchyard)) : null;
  };
  const locksFor = (session: SessionRecord) => {
    const locks = session.task === null ? null : locksOf(session.project);
    return locks && { shim: parts.gateShim, ...locks };
  };
  const gateFor = (session: SessionRecord): SessionGate | null => {
    const project = session.project ? store.projects.find(session.project) : undefined;
    if (!project) return null;
    const branch = session.task ? (store.tasks.find(session.task)?.branch ?? null) : null;
    const rules = gateOfSession(
      {
        worktree: session.cwd,
        branch,
        home: homedir(),
        protected: [folder.home, project.path],
      },
      { person: settings.ofPerson(), project: settings.of(project) },
    );
    return rules && { shim: parts.gateShim, rules };
  };
  const { workers } = parts;
  const acceptedModeOf = ({ id }: SessionRecord) => {
    const mode = store.sessions.find(id)?.permissionMode ?? null;
    return asksNothing(mode) ? mode : null;
  };
  /** `sandbox`: what its commands may write beside its worktree; null: they run in none. */
  const filesOf = (session: SessionRecord, sandbox: SessionSandbox | null): SessionFiles =>
    writeSessionFiles({
      folder: folder.sessionDir(session.id),
      port: connected().port,
      token: session.token,
      node: parts.node,
      shim: parts.shim,
      gate: gateFor(session),
      locks: locksFor(session),
      acceptedMode: acceptedModeOf(session),
      sandbox,
    });
  const sandboxOf = async ({ project: name, cwd }: SessionRecord): Promise<SessionSandbox> => {
    const project = name ? store.projects.find(name) : undefined;
    if (!project) throw new SwitchyardError("not-found", `The project ${name} is gone.`);
    const repo = await openRepository(project.path, signal);
    const gitDir = (await pinOf(repo, cwd)).GIT_DIR ?? repo.commonDir;
    return { sharedGitDir: repo.commonDir, gitDir, worktree: cwd, target: project.target };
  };

  const sessions = new Sessions({
    store,
    clock,
    log,
    host,
    folderOf: (id) => folder.sessionDir(id),
    readSignal: readClaudeSignal,
    watchLevel: (session, onLevel, ending) => {
      const dir = store.profiles.find(session.profile)?.dir ?? null;
      if (session.pid !== null)
        levels.watch({ dir, pid: session.pid, startTicks: session.startTicks }, onLevel, ending);
    },
    readTurn: (session) => {
      const dir = store.profiles.find(session.profile)?.dir ?? null;
      return readToldTurn(transcriptFile(dir, session.cwd, session.providerSession));
    },
    endStrays: (id) => strays.endOf(id),
    untilSilent: (waiting) => parts.health.untilSilent(waiting),
    noteUsage: ({ id, profile }, { windows, answer, refused = [] }) => {
      const told = { profile, session: id, answer: answer?.id ?? null, windows, refused };
      if (usage.take(told)) profiles.limits.noteWindows(profile);
    },
    processesMaxOf: (session) => processesMaxOf(parts, session.project),
    beforeEnd: (session) => parts.worktrees.checkpoints.beforeEnd(session),
    handoffAt: composeHandoffMark({ store, settings }),
  });

  const queue = new MergeQueue({
    store,
    folder,
    clock,
    log,
    runCommand: building.runQueueCheck,
    runTool: (command, options) => runCommand(command, { ...options, env: checkEnvironment(null) }),
    onReturned: (entry, handback) => {
      const earlier = store.entries
        .list({ task: entry.task })
        .filter(({ id, state }) => id !== entry.id && state === "returned");
      const times = earlier.filter((each) => !isReturnedByPerson(each)).length + 1;
      steps.apply(
        entry.task,
        {
          kind: "returned",
          reason: entry.reason ?? "returned by the merge queue",
          times: isReturnedByPerson(entry) ? 0 : times,
        },
        "queue",
        { handback },
      );
    },
    onLanded: (entry, commit) => {
      steps.apply(entry.task, { kind: "landed" }, "queue", {
        landed: { commit, at: clock.now().toISOString() },
      });
    },
    onDeclined: (entry, handback) => {
      const reason = entry.reason ?? "its pull request was closed";
      steps.apply(entry.task, { kind: "declined", reason }, "queue", { handback });
    },
    onUndone: (entry, handback) => {
      steps.apply(entry.task, { kind: "landing-undone" }, "person", { landed: null, handback });
    },
    resolving: composeResolving({ store, clock, steps, settings, sessions }),
    checksOf: (task) => store.tasks.find(task)?.acceptance ?? [],
    proposesTo: (project) => pullRequestRemoteOf(settings.of(project)),
    runGh: createRunGh(process.env),
    batchOf: (project) => settings.of(project).queue?.batch ?? "auto",
    sectionsOf: (project) => settings.of(project).queue?.["parallel-checks"] ?? "auto",
    readMachine: building.readMachine,
    // A worker can land a change of the repository's file: it can say more freezes than the person's and not fewer.
    freezesOf: (project) =>
      [settings.of(project), settings.ofPerson()].flatMap(({ queue }) => queue?.freeze ?? []),
    testsOf: (project, command) =>
      settings.of(project).checks?.find(({ run }) => run === command) ?? {},
    surroundingsOf: (project) => {
      const { tools = [], caches = null, ...queue } = settings.of(project).queue ?? {};
      const { setup = "off", "setup-from": setUpFrom = null, order = "given" } = queue;
      const env = checkEnvironment(project);
      const setUp = setUpCheck(setup);
      return { tools, declared: declaredBy(project), env, caches, setUp, setUpFrom, order };
    },
  });

  const publisher = new Publisher({
    store,
    clock,
    log,
    remoteOf: (project) => pushRemoteOf(settings.of(project)),
  });

  const finisher = new TaskFinisher({
    store,
    steps,
    readWorktree: readWorkplace,
    runCheck: async (check, task, session, life) => {
      const logFile = path.join(folder.sessionDir(session), "checks.log");
      const worktree = worktreeOf(task);
      const project = store.projects.find(task.project);
      const judge = project && (await queue.tests.watch(project)(check, { worktree, logFile }));
      const ended = await building.runTaskCheck(
        check,
        { task, session },
        {
          cwd: worktree,
          timeoutMs: check.timeoutMs,
          logFile,
          signal: AbortSignal.any([life, signal]),
        },
      );
      const result = { name: check.name, command: check.run, ...ended };
      return judge ? await judge(result) : result;
    },
    inspect: (task, head, summary) => queue.conflicts.resolvers.inspect(task, head, summary),
    enqueue: (task, head, summary) => {
      const resolved = queue.conflicts.resolvers.take(task);
      if (resolved !== null) return resolved;
      const entry = queue.enqueue({
        project: task.project,
        task: task.id,
        branch: task.branch ?? taskBranch(task.id, task.title),
        head,
        summary,
        attempt: task.attempts,
        priority: task.priority,
      });
      return entry.id;
    },
  });

  const starter = new WorkerStarter({
    store,
    clock,
    sessions,
    settingsOf: (project, task) => workers.of(project, task),
    prepareWorkplace: (task, project, session) =>
      parts.worktrees.workplaces.prepare(task, project, session),
    prepareProfile: async (profile, project) => {
      const executable = await composed.programFor(profile, signal);
      const checkedAt = new Date(profile.checkedAt ?? 0);
      const now =
        isAnswerOld(profile, clock.now()) ||
        profile.state === "unchecked" ||
        areSettingsNewer(profile.dir, homedir(), checkedAt)
          ? await profiles.recheck(profile.name, signal)
          : profile;
      if (now.state === "signed-out")
        throw new SwitchyardError(
          "signed-out",
          `${now.name} is signed out.`,
          `Sign in: switchyard profile login ${now.name}`,
        );
      if (now.state === "incident")
        throw new SwitchyardError(
          "wrong-account",
          `${now.name} takes no work: ${now.reason}.`,
          `See: switchyard profile check ${now.name}`,
        );
      const prepared = await prepareClaudeProfile(
        { dir: profile.dir, home: homedir(), checkout: project.path },
        clock,
        signal,
      );
      if (prepared.kind === "needs-person")
        throw new SwitchyardError("wrong-state", prepared.reason, prepared.fix);
      return { executable };
    },
    claimConversation: (session, profile) => strays.claimConversation(session, profile),
    writeFiles: async (session, isSandboxed) =>
      filesOf(session, isSandboxed ? await sandboxOf(session) : null),
    planLaunch: planClaudeLaunch,
    allowInSlots: (project, rules) => allowInSlots(rules, locksOf(project.name), "switchyard"),
    lockedOf: (project) => lockedOf(project).map(({ pattern }) => pattern),
    environment: (allowed, additions) =>
      buildEnvironment({
        person: process.env,
        allowed,
        additions: {
          ...additions,
          SWITCHYARD_HOME: folder.home,
          SWITCHYARD_LOCK: programs.lock,
          PATH: [programs.folder, process.env.PATH ?? ""].join(path.delimiter),
        },
      }),
    agentFileOf: (project) =>
      ["AGENTS.md", "CLAUDE.md"].find((file) => existsSync(path.join(project.path, file))) ?? null,
    onProfileTrouble: (name, error) => {
      if (error.code === "signed-out") profiles.noteAuthFailure(name, error.message);
      else
        void profiles
          .recheck(name, signal)
          .catch((failure: unknown) =>
            log.error({ error: failure, profile: name }, "checking a profile failed"),
          );
    },
  });

  const signIns = composeSignIns({
    ...parts,
    sessions,
    host,
    openLinkFileOf: (session) => filesOf(session, null).openLinkFile,
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
      const left = await endMarked(checkMark, clock, signal);
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
