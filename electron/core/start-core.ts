import { homedir } from "node:os";
import path from "node:path";
import { type AppContract, appContract } from "../../shared/contract/app-contract.ts";
import { type Handlers, type Output, serveWire } from "../../shared/contract/rpc.ts";
import type { Wire } from "../../shared/contract/wire.ts";
import { tellClashes } from "../../shared/model/forecast.ts";
import type { PersonKey } from "../../shared/model/person-key.ts";
import { KNOWN_PRICES } from "../../shared/model/price-list.ts";
import type { Project } from "../../shared/model/project.ts";
import { isLive } from "../../shared/model/session.ts";
import { checksOf, type Settings } from "../../shared/model/settings.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { systemClock } from "./base/clock.ts";
import { acquireCoreLock } from "./base/core-lock.ts";
import { dataFolder, prepareDataFolder } from "./base/data-folder.ts";
import { KeysFile } from "./base/keys-file.ts";
import { openLog } from "./base/log.ts";
import { mergeSettings } from "./base/read-settings.ts";
import { listenOnSocket } from "./base/socket-wire.ts";
import { weekOfHours } from "./base/working-hours.ts";
import { composeDoctor } from "./compose-doctor.ts";
import { composeEditor } from "./compose-editor.ts";
import { composeFleet, type Fleet } from "./compose-fleet.ts";
import { composeHours } from "./compose-hours.ts";
import { composeLookAhead, composePlacer } from "./compose-placement.ts";
import { composeProfiles } from "./compose-profiles.ts";
import { composeSearchPlaces } from "./compose-search.ts";
import { composeWorkerSettings, whyNoSandboxHere } from "./compose-worker-settings.ts";
import { composeWorktrees } from "./compose-worktrees.ts";
import { HaltSignal } from "./gateway/halt-signal.ts";
import { handleApp } from "./gateway/handle-app.ts";
import { handleFiles } from "./gateway/handle-files.ts";
import { handleFleet } from "./gateway/handle-fleet.ts";
import { handleForecast } from "./gateway/handle-forecast.ts";
import { handleInbox } from "./gateway/handle-inbox.ts";
import { handleLocks } from "./gateway/handle-locks.ts";
import { handleProfiles } from "./gateway/handle-profiles.ts";
import { handleProjects } from "./gateway/handle-projects.ts";
import { handleQueue } from "./gateway/handle-queue.ts";
import { handleSearch } from "./gateway/handle-search.ts";
import { handleSessions } from "./gateway/handle-sessions.ts";
import { handleTasks } from "./gateway/handle-tasks.ts";
import { handleTests } from "./gateway/handle-tests.ts";
import { handleUsage } from "./gateway/handle-usage.ts";
import { handleWindow } from "./gateway/handle-window.ts";
import { handleWorktrees } from "./gateway/handle-worktrees.ts";
import { LiveHealth } from "./gateway/live-health.ts";
import { readSessionLog } from "./gateway/read-session-log.ts";
import { requireGit } from "./git/probe-git.ts";
import { readBranchChange } from "./git/read-branch-change.ts";
import { currentBranch, isEmpty, openRepository, resolveBranch } from "./git/repository.ts";
import { LiveForecasts } from "./merge-queue/live-forecasts.ts";
import { keepAwake } from "./process/keep-awake.ts";
import { startDetached } from "./process/start-detached.ts";
import { openStore } from "./store/open-store.ts";
import type { Store, TaskRecord } from "./store/store.ts";
import type { Hold } from "./supervisor/awake-keeper.ts";
import { respawn, tellEnded } from "./supervisor/continue-conversation.ts";
import { haltFleet, resumeFleet } from "./supervisor/fleet-halt.ts";
import { moveByPerson } from "./supervisor/move-by-person.ts";
import { SettingsFiles } from "./supervisor/settings-files.ts";
import { TaskSteps } from "./supervisor/task-steps.ts";
import { planDispatch } from "./task/plan-dispatch.ts";
import { relayTerminal } from "./terminal/relay-terminal.ts";
import { WatchedSessions } from "./terminal/watched-sessions.ts";

interface NodeProgram {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface CoreOptions {
  /** Absolute path of the data folder. */
  readonly home: string;
  /** `offline` opens the store alone, for one command; nothing is dispatched and nothing listens. */
  readonly shell: "desktop" | "web" | "offline";
  readonly version: string;
  readonly hostProgram: NodeProgram & { readonly args: readonly string[] };
  readonly nodeProgram: NodeProgram;
  readonly signalShim: string;
  readonly gateShim: string;
  /** The bundled command line, for workers to call. */
  readonly cliProgram: string;
  /** The shell's own way to keep the machine awake; without one, the system's program does it. Null where there is no way. */
  readonly keepAwake?: () => Hold | null;
}

export interface Core {
  readonly info: Output<AppContract, "app.info">;
  /** Serves the contract to one more window or command line. */
  connect(wire: Wire): void;
  /** Gives the core the way to make links to the window, where the shell serves one. */
  setLinkMaker(make: () => string): void;
  /** What was wrong with settings files when the core started, one text a file; their last good settings are in force. */
  readonly settingsProblems: readonly string[];
  /** Resolves when somebody asked the core to stop; the shell then disposes of it and ends. */
  readonly stopAsked: Promise<void>;
  /**
   * Resolves when it has found out what still runs and hands out work; windows may be open from before, and see what was last known.
   * Rejects with what keeps it from that: the shell then disposes of it and ends.
   */
  readonly recovered: Promise<void>;
  /** Ends the core. Sessions go on in the terminal host. */
  dispose(): Promise<void>;
}

const NEEDS_APP = () =>
  new SwitchyardError(
    "needs-app",
    "Switchyard is not running, and this needs it.",
    "Start it with: switchyard serve",
  );

/**
 * Puts the program together and starts it. What it takes to find out what still runs goes on afterwards: see `recovered`.
 *
 * Throws `data-folder-busy` with the holder while another core has the data folder, and what the store says of a damaged, foreign or newer one.
 */
export async function startCore(options: CoreOptions): Promise<Core> {
  const startedMs = performance.now();
  const clock = systemClock;
  const folder = dataFolder(options.home);
  prepareDataFolder(folder);
  await using starting = new AsyncDisposableStack();
  const haltSignal = starting.use(new HaltSignal());
  const lock = acquireCoreLock(folder, { version: options.version });
  if (lock.kind === "taken") throw busy(options.home, lock.holder.pid);
  starting.defer(() => lock.release());
  const log = starting.use(openLog(folder.logs, "core"));
  const leaving = new AbortController();
  starting.defer(() => leaving.abort(new Error("the core is stopping")));
  let fleet: Fleet | null = null;
  const health = new LiveHealth({
    isRecovering: options.shell !== "offline",
    hostSilence: null,
  });
  const store = openStore({
    folder,
    clock,
    mode: "write",
    // What follows a commit cannot be saved on a full disk: the commit stands, and it is taken up again once there is room.
    onListenerFailure: (error) => {
      log.error({ error }, "what follows from a change was not carried out; it is tried again");
      fleet?.lookAgain();
    },
  });
  starting.defer(() => store.close());

  const steps = new TaskSteps(store);
  const settings = new SettingsFiles(folder.config);
  const keysFile = new KeysFile(folder.keys);
  const settingsProblems: string[] = [];
  const workers = composeWorkerSettings({
    store,
    clock,
    settings,
    whyNoSandbox: whyNoSandboxHere,
  });
  const { isSandboxed } = workers;
  const watched = new WatchedSessions();
  const forecasts = new LiveForecasts();
  const live = () => {
    if (!fleet) throw NEEDS_APP();
    return fleet;
  };
  const composed = composeProfiles({
    store,
    folder,
    clock,
    log,
    launchLogin: async (profile) => live().signIns.start(profile),
    signal: leaving.signal,
  });
  const worktrees = composeWorktrees({
    store,
    folder,
    clock,
    log,
    settings,
    signal: leaving.signal,
  });
  const hoursOf = composeHours({ store, settings, clock, log });
  const placer = composePlacer({ store, clock, settings, workers });
  if (options.shell !== "offline") {
    // Read now, so that a file which goes wrong later has good settings to fall back on.
    for (const problem of settings.problems(store.projects.list())) {
      log.warn({ problem }, "a settings file is wrong");
      settingsProblems.push(problem);
    }
    fleet = composeFleet({
      store,
      folder,
      clock,
      log,
      steps,
      settings,
      composed,
      placer,
      hoursOf,
      worktrees,
      health,
      hostPlace: { clock, folder, hostEntry: options.hostProgram, startProcess: startDetached },
      node: options.nodeProgram,
      shim: options.signalShim,
      gateShim: options.gateShim,
      cli: options.cliProgram,
      watched,
      forecasts,
      workers,
      keepAwake: options.keepAwake ?? keepAwake,
      signal: leaving.signal,
    });
    starting.use(fleet);
  }

  let makeLink: (() => string) | null = null;
  const asked = Promise.withResolvers<void>();
  const info: Core["info"] = {
    version: options.version,
    pid: process.pid,
    shell: options.shell,
    home: options.home,
    startedAt: clock.now().toISOString(),
    bootMs: 0,
  };
  const endSessionOf = async (task: TaskRecord) => {
    const session = task.session ? store.sessions.find(task.session) : undefined;
    // Without a fleet nobody can end it now: the next core ends what a cancelled task has left running.
    if (fleet && session && isLive(session.state))
      await live().sessions.end(session.id, "stopped", "person");
  };

  const handlers: Handlers<AppContract> = {
    ...handleApp({
      store,
      clock,
      info,
      health,
      forecasts,
      locks: fleet?.locks ?? { list: () => [], onChange: () => () => {} },
      settingsProblems: (projects) => settings.problems(projects),
      doctor: composeDoctor({
        store,
        folder,
        clock,
        settings,
        keysFile,
        workers,
        composed,
        node: options.nodeProgram,
        shim: options.signalShim,
        gateShim: options.gateShim,
        movedPlaces: worktrees.movedPlaces,
        host: () => fleet?.host() ?? null,
        hostSilence: () => health.read().hostSilence,
        signal: leaving.signal,
      }),
      stop: async ({ keepSessions }) => {
        if (!keepSessions) await stopSessions(store, live());
        asked.resolve();
      },
      makeLink: () => makeLink?.() ?? null,
    }),
    ...handleProjects({
      store,
      clock,
      isSandboxed,
      openRepository: async (place) => {
        await requireGit();
        const repo = await openRepository(path.resolve(place));
        if (repo.isBare)
          throw new SwitchyardError(
            "not-a-repository",
            `${repo.root} is a bare repository, which has no checkout to work from.`,
            "Clone it and add the clone.",
          );
        if (await isEmpty(repo))
          throw new SwitchyardError(
            "empty-repository",
            `${repo.root} has no commit yet.`,
            "Make a first commit, then add it.",
          );
        return { root: repo.root, branch: await currentBranch(repo.root) };
      },
      requireBranch: async (root, branch) =>
        void (await resolveBranch(await openRepository(root), branch)),
      readHours: (project) =>
        weekOfHours(settings.of(project).dispatch, settings.ofPerson().dispatch, clock.now()),
      readProjectFile: async (root) =>
        toProjectFields(mergeSettings(settings.person(), settings.strict(root))),
    }),
    ...handleProfiles({
      store,
      profiles: composed.profiles,
      sendCode: async (name, code) => live().signIns.sendCode(name, code),
      signal: leaving.signal,
    }),
    ...handleTasks({
      store,
      clock,
      isSandboxed,
      steps,
      planNow: () =>
        fleet?.dispatcher.plan() ??
        planDispatch({
          projects: store.projects.list(),
          plans: store.plans.list(),
          tasks: store.tasks.list(),
          workers: new Map(),
        }),
      noPlaceFor: (task) => {
        const placement = fleet?.dispatcher.place(task);
        return placement?.kind === "none"
          ? placement.reasons.map((text) => ({ kind: "profile", text, subject: null }))
          : null;
      },
      lookAhead: (plan) => composeLookAhead({ store, placer, hoursOf, settings, forecasts }, plan),
      clashesOf: ({ id, project }) => tellClashes(forecasts.find(project), id),
      halted: () => {
        if (!fleet) {
          const text = "Switchyard is not running; start it with: switchyard serve";
          return { kind: "not-running", text, subject: null };
        }
        const text = fleet.halted();
        return text === null ? null : { kind: "halted", text, subject: null };
      },
      endSessionOf,
      removeEntryOf: (task) => {
        const entry = store.entries.list({ task, isOpen: true })[0];
        if (entry) live().queue.remove(entry.id);
      },
    }),
    ...handleSessions({
      store,
      sessions: () => live().sessions,
      host: () => live().host(),
      relay: async (session, windowStream, isFocused, windowGone) => {
        // A window can be there before the host is.
        await live().connected;
        const host = live().host();
        const onKey = (key: PersonKey) => {
          try {
            live().sessions.press(session, key);
          } catch (error) {
            // The key has reached its program; only why can then not be told.
            log.warn({ error, session }, "noting a key failed");
          }
        };
        const stream = { session, windowStream, isFocused, windowGone };
        return relayTerminal({ host, watched, onKey, ...stream });
      },
      readLog: (session, from, maxBytes) =>
        readSessionLog(folder.sessionDir(session.id), from, maxBytes),
      respawn: async (session) =>
        respawn({ store, steps, dispatcher: live().dispatcher }, session, null),
      move: (session, profile) =>
        moveByPerson({ store, steps, clock, moves: live().moves }, session, profile),
      tellEnded: async (session, message) => {
        const { dispatcher } = live();
        const { signal } = leaving;
        return tellEnded({ store, steps, dispatcher, clock, signal }, session, message);
      },
    }),
    ...handleSearch({
      store,
      places: composeSearchPlaces({ store, folder, host: () => fleet?.host() ?? null }),
      folderOf: (id) => folder.sessionDir(id),
      signal: leaving.signal,
    }),
    ...handleFiles({
      store,
      homeFolder: homedir(),
      openEditor: composeEditor({
        configFile: folder.config,
        editor: () => settings.ofPerson().editor,
        env: process.env,
        homeFolder: homedir(),
      }),
    }),
    ...handleUsage({
      store,
      now: () => clock.now(),
      prices: () => settings.ofPerson().prices ?? KNOWN_PRICES,
    }),
    ...handleLocks({ locks: () => live().locks }),
    ...handleQueue({
      store,
      steps,
      queue: () => live().queue,
      publisher: () => live().publisher,
    }),
    ...handleTests({ store, clock }),
    ...handleForecast({
      store,
      forecasts,
      whyNone: () =>
        fleet
          ? "nothing was looked at yet"
          : "Switchyard is not running; start it with: switchyard serve",
    }),
    ...handleInbox({ store, answer: (ask, answer) => live().asks.answer(ask, answer) }),
    ...handleWindow({
      layoutsFile: folder.layouts,
      lookFile: folder.look,
      readKeys: () => {
        const { keys, conflicts, problem } = keysFile.read();
        return { file: folder.keys, keys: { ...keys }, conflicts: [...conflicts], problem };
      },
    }),
    ...handleFleet({
      store,
      haltAll: async (reason) => haltFleet({ store, sessions: live().sessions }, reason, "person"),
      goOn: () => {
        const { dispatcher } = live();
        resumeFleet(store, "person");
        dispatcher.wake();
      },
    }),
    ...handleWorktrees({
      store,
      readChanges: (project) => worktrees.personCheckout.read(project),
      settleChanges: (project, settling) => worktrees.personCheckout.settle(project, settling),
      movedPlaces: worktrees.movedPlaces,
      readChange: (project, branch) =>
        readBranchChange(project.path, branch, project.target, leaving.signal),
      removeWorktree: (task, isSure) => worktrees.removals.removeForPerson(task, isSure),
      restoreWorktree: (task) => worktrees.removals.restore(task, "person"),
    }),
  };

  let recovered = Promise.resolve();
  const connect = (wire: Wire) => void serveWire(appContract, wire, handlers);
  if (fleet) {
    const { sessions } = fleet;
    haltSignal.listen(() => {
      haltFleet({ store, sessions }, "SIGUSR2", "signal").catch((error: unknown) =>
        log.error({ error }, "stopping everything failed"),
      );
    });
    const listening = await listenOnSocket(folder.coreSocket, connect);
    starting.use(listening);
    recovered = fleet.run().catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error;
    });
    // Whoever started the core hears of it by `recovered`.
    recovered.catch(() => undefined);
  }
  const disposal = starting.move();
  return {
    info: Object.assign(info, { bootMs: Math.round(performance.now() - startedMs) }),
    connect,
    setLinkMaker: (make) => {
      makeLink = make;
    },
    settingsProblems,
    stopAsked: asked.promise,
    recovered,
    async dispose() {
      // A recovery may wait for a host that does not answer.
      if (health.read().isRecovering) leaving.abort(new Error("the core is stopping"));
      await recovered.catch(() => undefined);
      await disposal.disposeAsync();
    },
  };
}

function busy(home: string, pid: number): SwitchyardError {
  return new SwitchyardError(
    "data-folder-busy",
    `The data folder ${home} is held by a running Switchyard (process ${pid}).`,
    "Use that one, or give this one another folder with --home.",
  );
}

async function stopSessions(store: Store, fleet: Fleet): Promise<void> {
  // Else the slots that come free here are given to the next tasks.
  fleet.dispatcher.halt();
  await endSessions(store, fleet);
  await fleet.dispatcher.dispose();
  await fleet.endHost();
}

async function endSessions(store: Store, fleet: Fleet): Promise<void> {
  await Promise.all(
    store.sessions
      .list({ isLive: true })
      .map((session) => fleet.sessions.end(session.id, "stopped", "person")),
  );
}

function toProjectFields(
  settings: Settings,
): Partial<Pick<Project, "target" | "checks" | "land" | "approve" | "strategy" | "maxWorkers">> {
  const checks = checksOf(settings);
  return {
    ...(settings.target === undefined ? {} : { target: settings.target }),
    ...(checks === undefined ? {} : { checks: [...checks] }),
    ...(settings.queue?.land === undefined ? {} : { land: settings.queue.land }),
    ...(settings.queue?.approve === undefined ? {} : { approve: settings.queue.approve }),
    ...(settings.dispatch?.strategy === undefined ? {} : { strategy: settings.dispatch.strategy }),
    ...(settings.dispatch?.["max-workers"] === undefined
      ? {}
      : { maxWorkers: settings.dispatch["max-workers"] }),
  };
}
