import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  watch,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import type { HostSilence } from "../../shared/model/core-health.ts";
import type { Finding } from "../../shared/model/finding.ts";
import { SessionId } from "../../shared/model/ids.ts";
import { asksNothing } from "../../shared/model/permission-mode.ts";
import type { Project } from "../../shared/model/project.ts";
import { isLive } from "../../shared/model/session.ts";
import { pushRemoteOf, type Settings } from "../../shared/model/settings.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { Clock } from "./base/clock.ts";
import type { DataFolder } from "./base/data-folder.ts";
import type { KeysFile } from "./base/keys-file.ts";
import type { composeProfiles } from "./compose-profiles.ts";
import { findProposing } from "./compose-proposing.ts";
import { type composeWorkerSettings, whyNoSandboxHere } from "./compose-worker-settings.ts";
import type { Machine } from "./gateway/doctor/examine-system.ts";
import { runDoctor, TERMINAL_WORD } from "./gateway/doctor/run-doctor.ts";
import { probeGit } from "./git/probe-git.ts";
import { readOddities } from "./git/read-oddities.ts";
import { findSetUpProblem } from "./git/remote-branch.ts";
import { hasIdentity, openRepository, resolveBranch } from "./git/repository.ts";
import { tryWorktree } from "./git/try-worktree.ts";
import { resolveExecutable } from "./process/resolve-executable.ts";
import { buildEnvironment } from "./process/session-environment.ts";
import { findMarked, variableOf } from "./process/sweep-marked.ts";
import type { NodeCommand } from "./provider/claude/write-session-files.ts";
import type { Store } from "./store/store.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";
import type { MovedPlaces } from "./worker/moved-places.ts";

/** No session has this number: they count from 1. */
const NO_SESSION = SessionId.parse("s-0");
const TERMINAL_PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 50;

export interface DoctorInput {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly settings: SettingsFiles;
  readonly keysFile: KeysFile;
  readonly workers: ReturnType<typeof composeWorkerSettings>;
  readonly composed: ReturnType<typeof composeProfiles>;
  readonly node: NodeCommand;
  readonly shim: string;
  readonly gateShim: string;
  readonly movedPlaces: MovedPlaces;
  /** Null while the app does not run. */
  readonly host: () => Client<HostContract> | null;
  readonly hostSilence: () => HostSilence | null;
  readonly signal: AbortSignal;
}

/** Puts the doctor together with what it looks at. */
export function composeDoctor(input: DoctorInput): () => Promise<readonly Finding[]> {
  const { store, folder, clock, settings, composed, signal } = input;
  return async () => {
    // One that does not answer is told as that; what is asked of it would only be waited for.
    const host = input.hostSilence() ? null : input.host();
    const projects = store.projects.list();
    return runDoctor({
      machine: lookAtMachine(input),
      profiles: store.profiles.list(),
      inspectClaude: () => composed.inspectClaude(signal),
      git: {
        probe: probeGit,
        hasIdentity: async () => {
          const project = projects.find((each) => existsSync(each.path));
          return project ? hasIdentity(await openRepository(project.path)) : true;
        },
        tryWorktree: () => tryWorktree(signal),
      },
      hooks: {
        node: input.node,
        shim: input.shim,
        gateShim: input.gateShim,
        env: buildEnvironment({ person: process.env }),
        signal,
      },
      settings: {
        problems: settings.problems(projects),
        keys: input.keysFile.read(),
        isGateOff: settings.ofPerson().guards?.destructive === "off",
        sandboxed: projects
          .filter(({ name }) => input.workers.isSandboxed(name))
          .map(({ name }) => name),
        whyNoSandbox: whyNoSandboxHere(),
        unknownProfiles: namedProfiles(settings, store),
        refused: projects.map((project) => ({
          project: project.name,
          rules: input.workers.refusedAllowOf(project),
        })),
        unasked: projects.flatMap((project) => {
          const choice = input.workers.modeOf(project, null);
          if (!asksNothing(choice.mode)) return [];
          const until = choice.kind === "chosen" ? choice.until : null;
          const refusal = choice.kind === "refused" ? choice.reason : null;
          return [{ project: project.name, mode: choice.mode, until, refusal }];
        }),
      },
      checkProfile: async (profile) =>
        (await composed.profiles.check(profile.name, signal)).findings.map((finding) => ({
          ...finding,
          name: `${profile.name}: ${finding.name}`,
        })),
      hostSilence: input.hostSilence(),
      tryTerminal: host && (() => tryTerminal(host, clock, signal)),
      findOrphans: () => findOrphans(store, folder),
      projects: projects.map(({ name, path: place }) => ({
        name,
        isThere: existsSync(place),
        path: place,
      })),
      findOddRepositories: async () => {
        const there = projects.filter((project) => existsSync(project.path));
        return (
          await Promise.all(
            there.map((each) => readOddity(each, pushRemoteOf(settings.of(each)), signal)),
          )
        ).flat();
      },
      findProposing: async () => {
        const there = projects.filter((project) => existsSync(project.path));
        return findProposing(there, settings, signal);
      },
      findLostWorktrees: async () => {
        const there = projects.filter((project) => existsSync(project.path));
        return (await Promise.all(there.map((each) => input.movedPlaces.findLost(each)))).flat();
      },
    });
  };
}

/** What is wrong with the repository itself is told elsewhere. */
async function readOddity(
  { name, path: place, target }: Project,
  remote: string | null,
  signal: AbortSignal,
) {
  try {
    const repo = await openRepository(place, signal);
    const commit = await resolveBranch(repo, target, signal);
    const setting = "queue.push";
    const pushProblem =
      remote === null ? null : await findSetUpProblem({ repo, remote, setting, signal });
    const oddities = await readOddities(repo, commit, signal);
    return [{ project: name, path: place, pushProblem, ...oddities }];
  } catch (error) {
    if (error instanceof SwitchyardError) return [];
    throw error;
  }
}

/** Each is told where it first stands: a project's settings hold the person's too. */
function namedProfiles(settings: SettingsFiles, store: Store) {
  const known = new Set<string>(store.profiles.list().map(({ name }) => name));
  const unknownTo = (place: string, { dispatch }: Settings) => {
    const pooled = Object.values(dispatch?.pools ?? {}).flatMap(({ profiles }) => profiles);
    const named = new Set([...pooled, ...Object.keys(dispatch?.weights ?? {})]);
    const names = [...named].filter((name) => !known.has(name));
    for (const name of names) known.add(name);
    return { place, names };
  };
  const ofProjects = store.projects.list();
  return [
    unknownTo("your settings", settings.ofPerson()),
    ...ofProjects.map((project) => unknownTo(project.name, settings.of(project))),
  ];
}

function lookAtMachine({ folder, clock, store }: DoctorInput): Machine {
  const disk = statfsSync(folder.home);
  const newest = store.events.newest(1)[0];
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    home: folder.home,
    coreSocket: folder.coreSocket,
    now: clock.now(),
    newestAt: newest ? new Date(newest.at) : null,
    readText: (file) => (existsSync(file) ? readFileSync(file, "utf8").trim() : null),
    disk: {
      blockBytes: disk.bsize,
      blocks: disk.blocks,
      freeBlocks: disk.bavail,
      files: disk.files,
      freeFiles: disk.ffree,
      type: disk.type,
    },
    processes: countProcesses(),
    tryWatch: () => tryWatch(folder.home),
    findProgram: (name) => {
      const where = { pathVariable: process.env.PATH ?? "", homeFolder: homedir() };
      const found = resolveExecutable(name, where);
      return found.kind === "found" ? found.file : null;
    },
  };
}

/** The user's processes with their threads, as the limit counts them; null where no folder tells. */
function countProcesses(): number | null {
  const own = process.getuid?.();
  if (process.platform !== "linux" || own === undefined) return null;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        if (statSync(`/proc/${pid}`).uid !== own) return 0;
        return readdirSync(`/proc/${pid}/task`).length;
      } catch {
        // It has ended meanwhile.
        return 0;
      }
    })
    .reduce((sum, threads) => sum + threads, 0);
}

function tryWatch(place: string): string | null {
  try {
    watch(place, { persistent: false }).close();
    return null;
  } catch (error) {
    // Node's file errors carry a code.
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}

/** Gives what a small program printed in a terminal of the host's. */
async function tryTerminal(
  host: Client<HostContract>,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  const place = realpathSync(mkdtempSync(path.join(tmpdir(), "switchyard-doctor-")));
  const output = path.join(place, "output.log");
  const readOutput = () => (existsSync(output) ? readFileSync(output, "utf8") : "");
  try {
    await host.call("spawn", {
      session: NO_SESSION,
      file: "/bin/sh",
      args: ["-c", `printf ${TERMINAL_WORD}`],
      env: { TERM: "xterm-256color" },
      cwd: place,
      cols: 80,
      rows: 24,
      folder: place,
      token: randomBytes(32).toString("base64url"),
    });
    const until = clock.monotonicMs() + TERMINAL_PATIENCE_MS;
    while (!readOutput().includes(TERMINAL_WORD) && clock.monotonicMs() < until)
      await clock.wait(LOOK_EVERY_MS, signal);
    return readOutput();
  } finally {
    await forget(host);
    rmSync(place, { recursive: true, force: true });
  }
}

async function forget(host: Client<HostContract>): Promise<void> {
  try {
    await host.call("stop", { session: NO_SESSION, graceMs: 1_000 });
    await host.call("forget", { session: NO_SESSION });
  } catch {
    // Whoever heard of its end has forgotten it already.
  }
}

function findOrphans(store: Store, folder: DataFolder): readonly number[] {
  const over = new Set<string>(
    store.sessions.list().flatMap(({ id, state }) => (isLive(state) ? [] : [id])),
  );
  // The doctor itself may have been called from inside a pane.
  over.delete(process.env.SWITCHYARD_SESSION ?? "");
  return findMarked({ SWITCHYARD_HOME: folder.home })
    .map(({ pid }) => pid)
    .filter((pid) => over.has(variableOf(pid, "SWITCHYARD_SESSION") ?? ""));
}
