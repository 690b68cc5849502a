import { homedir } from "node:os";
import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Handlers, Output } from "../../shared/contract/rpc.ts";
import { tellClashes } from "../../shared/model/forecast.ts";
import type { PersonKey } from "../../shared/model/person-key.ts";
import { KNOWN_PRICES } from "../../shared/model/price-list.ts";
import { isLive } from "../../shared/model/session.ts";
import type { KeysFile } from "./base/keys-file.ts";
import { composeDoctor } from "./compose-doctor.ts";
import { composeEditor } from "./compose-editor.ts";
import type { Fleet } from "./compose-fleet.ts";
import { composeLookAhead } from "./compose-placement.ts";
import { composeProjectCalls } from "./compose-projects.ts";
import { composeSearchPlaces } from "./compose-search.ts";
import type { CoreParts } from "./core-parts.ts";
import { handleApp } from "./gateway/handle-app.ts";
import { handleFiles } from "./gateway/handle-files.ts";
import { handleFleet } from "./gateway/handle-fleet.ts";
import { handleForecast } from "./gateway/handle-forecast.ts";
import { handleInbox } from "./gateway/handle-inbox.ts";
import { handleLocks } from "./gateway/handle-locks.ts";
import { handleProfiles } from "./gateway/handle-profiles.ts";
import { handleQueue } from "./gateway/handle-queue.ts";
import { handleSearch } from "./gateway/handle-search.ts";
import { handleSessions } from "./gateway/handle-sessions.ts";
import { handleTasks } from "./gateway/handle-tasks.ts";
import { handleTests } from "./gateway/handle-tests.ts";
import { handleUsage } from "./gateway/handle-usage.ts";
import { handleWindow } from "./gateway/handle-window.ts";
import { handleWorktrees } from "./gateway/handle-worktrees.ts";
import { readSessionLog } from "./gateway/read-session-log.ts";
import { readBranchChange } from "./git/read-branch-change.ts";
import type { Store, TaskRecord } from "./store/store.ts";
import { respawn, tellEnded } from "./supervisor/continue-conversation.ts";
import { haltFleet, resumeFleet } from "./supervisor/fleet-halt.ts";
import { moveByPerson } from "./supervisor/move-by-person.ts";
import { planDispatch } from "./task/plan-dispatch.ts";
import { relayTerminal } from "./terminal/relay-terminal.ts";

/** Without a fleet the core only reads and writes its store. */
interface HandlerParts extends CoreParts {
  readonly info: Output<AppContract, "app.info">;
  readonly keysFile: KeysFile;
  readonly fleet: Fleet | null;
  /** The fleet; throws `needs-app` where there is none. */
  readonly live: () => Fleet;
  readonly makeLink: () => string | null;
  readonly onStopAsked: () => void;
}

/** Every call of the contract, with what answers it. */
export function composeHandlers(parts: HandlerParts): Handlers<AppContract> {
  const { store, folder, clock, steps, settings, keysFile, composed, worktrees } = parts;
  const { forecasts, fleet, live, signal } = parts;
  return {
    ...appCalls(parts),
    ...composeProjectCalls(parts),
    ...taskCalls(parts),
    ...sessionCalls(parts),
    ...handleProfiles({
      store,
      profiles: composed.profiles,
      sendCode: async (name, code) => live().signIns.sendCode(name, code),
      signal,
    }),
    ...handleSearch({
      store,
      places: composeSearchPlaces({ store, folder, host: () => fleet?.host() ?? null }),
      folderOf: (id) => folder.sessionDir(id),
      signal,
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
        readBranchChange(project.path, branch, project.target, signal),
      removeWorktree: (task, isSure) => worktrees.removals.removeForPerson(task, isSure),
      restoreWorktree: (task) => worktrees.removals.restore(task, "person"),
    }),
  };
}

function appCalls(parts: HandlerParts) {
  const { store, folder, clock, settings, keysFile, workers, composed, worktrees } = parts;
  const { info, health, forecasts, fleet, live, signal } = parts;
  return handleApp({
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
      node: parts.node,
      shim: parts.shim,
      gateShim: parts.gateShim,
      movedPlaces: worktrees.movedPlaces,
      host: () => fleet?.host() ?? null,
      hostSilence: () => health.read().hostSilence,
      signal,
    }),
    stop: async ({ keepSessions }) => {
      if (!keepSessions) await stopSessions(store, live());
      parts.onStopAsked();
    },
    makeLink: parts.makeLink,
  });
}

function taskCalls(parts: HandlerParts) {
  const { store, clock, steps, settings, placer, hoursOf, forecasts, fleet, live } = parts;
  const { isSandboxed } = parts.workers;
  const endSessionOf = async (task: TaskRecord) => {
    const session = task.session ? store.sessions.find(task.session) : undefined;
    // Without a fleet nobody can end it now: the next core ends what a cancelled task has left running.
    if (fleet && session && isLive(session.state))
      await live().sessions.end(session.id, "stopped", "person");
  };
  return handleTasks({
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
  });
}

function sessionCalls({ store, folder, clock, log, steps, watched, live, signal }: HandlerParts) {
  return handleSessions({
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
      return tellEnded({ store, steps, dispatcher, clock, signal }, session, message);
    },
  });
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
