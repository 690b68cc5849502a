import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import { isAlive, type ProcessIdentity } from "../electron/core/base/process-identity.ts";
import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Client } from "../shared/contract/rpc.ts";

/** How long an app may take to end when it is asked to, sessions included. */
const END_LIMIT_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** What core.json and host.json say of the process that wrote them. */
const Holder = z.object({
  pid: z.number().int().positive(),
  startTicks: z.string().nullable().default(null),
  bootId: z.string().nullable().default(null),
});

/** A data folder, a home and a work folder for one test. Disposal ends every process that holds the data folder. */
export interface AppHome extends AsyncDisposable {
  /** The data folder. */
  readonly folder: string;
  readonly workFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Asks the app to stop, sessions included, and waits until it has. */
  endApp(client: Client<AppContract>): Promise<void>;
}

/** `below` is where the folders are made: the system's folder for such things unless a test brings a disk of its own. */
export async function createAppHome(
  extra: Readonly<Record<string, string>>,
  below: string = os.tmpdir(),
): Promise<AppHome> {
  const root = realpathSync(mkdtempSync(path.join(below, "sy-")));
  const [folder, person, workFolder] = ["data", "person", "work"].map((name) =>
    path.join(root, name),
  ) as [string, string, string];
  mkdirSync(person);
  mkdirSync(workFolder);
  writeFileSync(
    path.join(person, ".gitconfig"),
    "[user]\n\tname = A Person\n\temail = person@example.test\n[init]\n\tdefaultBranch = main\n",
  );
  const lookAt = dataFolder(folder);
  const holders = () => [lookAt.coreFile, lookAt.hostFile].flatMap(readHolder);

  return {
    folder,
    workFolder,
    env: { ...inherit(), HOME: person, SWITCHYARD_HOME: folder, ...extra },
    async endApp(client) {
      const closed = new Promise<void>((resolve) => client.onClose(resolve));
      // The core may end before its answer is out; what counts is that it ends.
      await client.call("app.stop", { keepSessions: false }).catch(() => {});
      const giveUp = new AbortController();
      await Promise.race([closed, setTimeout(END_LIMIT_MS, null, { signal: giveUp.signal })]);
      giveUp.abort();
    },
    async [Symbol.asyncDispose]() {
      await endAll(holders());
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      if (lookAt.sockets !== lookAt.run) rmSync(lookAt.sockets, { recursive: true, force: true });
    },
  };
}

/** The least that programs need; no variable of a subscription, a proxy or a session around the tests gets in. */
function inherit(): Record<string, string> {
  const names = [
    "LANG",
    "TMPDIR",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "SWITCHYARD_BROWSER",
  ];
  const kept = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const searched = [path.dirname(process.execPath), process.env.PATH ?? ""];
  return {
    ...Object.fromEntries(kept),
    PATH: searched.join(path.delimiter),
    TERM: "xterm-256color",
  };
}

function readHolder(file: string): readonly ProcessIdentity[] {
  try {
    return [Holder.parse(JSON.parse(readFileSync(file, "utf8")))];
  } catch {
    // Not there: nobody holds it, or it was taken down properly.
    return [];
  }
}

/** Only the very processes that wrote the files: a pid that was used again belongs to somebody else. */
async function endAll(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const living = processes.filter((each) => isAlive(each));
    for (const { pid } of living) kill(pid, signal);
    const deadline = performance.now() + END_LIMIT_MS / 3;
    while (living.some((each) => isAlive(each)) && performance.now() < deadline) {
      await setTimeout(LOOK_EVERY_MS);
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
