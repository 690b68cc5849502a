import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers, Output } from "../../../shared/contract/rpc.ts";
import type { BuildLock } from "../../../shared/model/build-lock.ts";
import { waitsAsPull } from "../../../shared/model/describe-pull.ts";
import type { Finding } from "../../../shared/model/finding.ts";
import { stillFrozen } from "../../../shared/model/freeze.ts";
import type { Project } from "../../../shared/model/project.ts";
import { isLive } from "../../../shared/model/session.ts";
import type { Status } from "../../../shared/model/status.ts";
import type { Clock } from "../base/clock.ts";
import type { LiveForecasts } from "../merge-queue/live-forecasts.ts";
import type { Store } from "../store/store.ts";
import { findProject } from "./find-project.ts";
import type { LiveHealth } from "./live-health.ts";
import { watchStore } from "./publish-changes.ts";

export interface AppParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly info: Output<AppContract, "app.info">;
  /** What is wrong with the person's settings file and with those of these projects, one text a file. */
  readonly settingsProblems: (projects: readonly Project[]) => readonly string[];
  readonly health: LiveHealth;
  readonly forecasts: LiveForecasts;
  /** Empty, and without a change, where nothing runs. */
  readonly locks: {
    list(): readonly BuildLock[];
    onChange(listener: (locks: readonly BuildLock[]) => void): () => void;
  };
  readonly doctor: () => Promise<readonly Finding[]>;
  readonly stop: (options: { readonly keepSessions: boolean }) => Promise<void>;
  /** A fresh one-time link to the window; null in a shell that serves none. */
  readonly makeLink: () => string | null;
}

type AppCalls =
  | "app.info"
  | "app.status"
  | "app.watch"
  | "app.events"
  | "app.doctor"
  | "app.stop"
  | "app.backup"
  | "app.link";

export function handleApp(parts: AppParts): Pick<Handlers<AppContract>, AppCalls> {
  const { store } = parts;
  return {
    "app.info": () => parts.info,
    "app.status": ({ project }) => readStatus(parts, project),
    "app.watch": (_input, peer) => {
      peer.emit("locks", [...parts.locks.list()]);
      peer.onClose(parts.locks.onChange((locks) => peer.emit("locks", [...locks])));
      return watchStore(store, parts, peer);
    },
    "app.events": ({ since, limit, subject }) => [
      ...store.events.since(since, {
        limit: limit ?? 1000,
        ...(subject === undefined ? {} : { subject }),
      }),
    ],
    "app.doctor": async () => [...(await parts.doctor())],
    "app.stop": async ({ keepSessions }) => {
      await parts.stop({ keepSessions });
      return {};
    },
    "app.backup": async ({ file }) => ({ file, bytes: await store.backup(file) }),
    "app.link": () => ({ url: parts.makeLink() }),
  };
}

function readStatus(parts: AppParts, ref: string | undefined): Status {
  const { store, clock, info } = parts;
  const projects = ref === undefined ? store.projects.list() : [findProject(store, ref)];
  const uptimeS = Math.max(
    0,
    Math.round((clock.now().getTime() - Date.parse(info.startedAt)) / 1000),
  );
  return {
    core: info.shell === "offline" ? null : { pid: info.pid, version: info.version, uptimeS },
    profiles: store.profiles
      .list()
      .map(({ name, plan, state, cap, learnedCap, live, windows }) => ({
        name,
        plan,
        state,
        cap,
        learnedCap,
        live,
        windows,
      })),
    projects: projects.map(({ name, path, target, queue }) => {
      const open = store.entries.list({ project: name, isOpen: true });
      return {
        ...{ name, path, target },
        tasks: countBy(store.tasks.list({ project: name }), (task) => task.status),
        queue: {
          ...{ state: queue.state, reason: queue.reason, length: open.length },
          frozen: stillFrozen(queue.frozen, clock.now()),
          proposed: open.filter(waitsAsPull).length,
        },
      };
    }),
    sessions: countBy(
      store.sessions.list({ isLive: true }).filter((session) => isLive(session.state)),
      (session) => session.state,
    ),
    fleet: store.fleet.read(),
    health: parts.health.read(),
    locks: [...parts.locks.list()],
    settingsProblems: [...parts.settingsProblems(projects)],
  };
}

function countBy<T>(rows: readonly T[], key: (row: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}
