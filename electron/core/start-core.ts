import { type AppContract, appContract } from "../../shared/contract/app-contract.ts";
import { type Output, serveWire } from "../../shared/contract/rpc.ts";
import type { Wire } from "../../shared/contract/wire.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { systemClock } from "./base/clock.ts";
import { acquireCoreLock } from "./base/core-lock.ts";
import { dataFolder, prepareDataFolder } from "./base/data-folder.ts";
import { KeysFile } from "./base/keys-file.ts";
import { openLog } from "./base/log.ts";
import { listenOnSocket } from "./base/socket-wire.ts";
import { composeFleet, type Fleet } from "./compose-fleet.ts";
import { composeHandlers } from "./compose-handlers.ts";
import { composeHours } from "./compose-hours.ts";
import { composePlacer } from "./compose-placement.ts";
import { composeProfiles } from "./compose-profiles.ts";
import { composeWorkerSettings, whyNoSandboxHere } from "./compose-worker-settings.ts";
import { composeWorktrees } from "./compose-worktrees.ts";
import type { CoreParts } from "./core-parts.ts";
import { HaltSignal } from "./gateway/halt-signal.ts";
import { LiveHealth } from "./gateway/live-health.ts";
import { LiveForecasts } from "./merge-queue/live-forecasts.ts";
import { keepAwake } from "./process/keep-awake.ts";
import { startDetached } from "./process/start-detached.ts";
import { openStore } from "./store/open-store.ts";
import type { Hold } from "./supervisor/awake-keeper.ts";
import { haltFleet } from "./supervisor/fleet-halt.ts";
import { SettingsFiles } from "./supervisor/settings-files.ts";
import { TaskSteps } from "./supervisor/task-steps.ts";
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
  const settingsProblems: string[] = [];
  const workers = composeWorkerSettings({
    store,
    clock,
    settings,
    whyNoSandbox: whyNoSandboxHere,
  });
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
  const parts: CoreParts = {
    store,
    folder,
    clock,
    log,
    steps,
    settings,
    composed,
    workers,
    worktrees,
    placer,
    hoursOf,
    health,
    watched: new WatchedSessions(),
    forecasts: new LiveForecasts(),
    node: options.nodeProgram,
    shim: options.signalShim,
    gateShim: options.gateShim,
    signal: leaving.signal,
  };
  if (options.shell !== "offline") {
    // Read now, so that a file which goes wrong later has good settings to fall back on.
    for (const problem of settings.problems(store.projects.list())) {
      log.warn({ problem }, "a settings file is wrong");
      settingsProblems.push(problem);
    }
    fleet = composeFleet({
      ...parts,
      hostPlace: { clock, folder, hostEntry: options.hostProgram, startProcess: startDetached },
      cli: options.cliProgram,
      keepAwake: options.keepAwake ?? keepAwake,
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
  const handlers = composeHandlers({
    ...parts,
    info,
    keysFile: new KeysFile(folder.keys),
    fleet,
    live,
    makeLink: () => makeLink?.() ?? null,
    onStopAsked: asked.resolve,
  });

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
