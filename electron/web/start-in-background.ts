import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import {
  ErrorShape,
  fromErrorShape,
  SwitchyardError,
} from "../../shared/model/switchyard-error.ts";
import { findCoreHolder } from "../core/base/core-lock.ts";
import { dataFolder } from "../core/base/data-folder.ts";
import { makeFolder } from "../core/base/make-folder.ts";
import { announce } from "./announce.ts";
import { askForLink } from "./ask-for-link.ts";
import { openInBrowser } from "./open-in-browser.ts";
import { pointToHolder } from "./point-to-holder.ts";
import type { ServeOptions } from "./serve-options.ts";

const Ready = z.object({ ready: z.literal(true), url: z.string(), pid: z.number().int() });

/**
 * Starts this very command again as a process of its own, and returns when it is ready. What it has to say goes to
 * `logs/serve.log`. Throws what kept it from starting.
 */
export async function startInBackground(options: ServeOptions): Promise<number> {
  const holder = findCoreHolder(dataFolder(options.home));
  if (holder) return pointToHolder(busy(options.home, holder.pid), options);
  const logs = path.join(options.home, "logs");
  makeFolder(options.home, 0o700);
  mkdirSync(logs, { recursive: true });
  const logFile = path.join(logs, "serve.log");
  const log = openSync(logFile, "a", 0o600);
  const logStart = statSync(logFile).size;

  const program = process.argv[1] ?? "";
  const words = [
    "serve",
    "--json",
    "--no-open",
    "--home",
    options.home,
    "--port",
    String(options.port),
  ];
  const child = spawn(process.execPath, [program, ...words], {
    detached: true,
    stdio: ["ignore", "pipe", log],
    cwd: options.home,
  });
  const line = await readFirstLine(child);
  if (line === null) throw readFailure(readFileSync(logFile).subarray(logStart).toString());

  const { url, pid } = Ready.parse(JSON.parse(line));
  child.stdout?.destroy();
  child.unref();
  const { origin } = new URL(url);
  announce({ origin, makeLink: () => url, pid }, { ...options, isOpening: false });
  // The link that was printed is the person's; the browser gets its own.
  if (options.isOpening) openInBrowser((await askForLink(options.home)) ?? origin);
  return 0;
}

/** Null when it ended without a word. */
function readFirstLine(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    if (!child.stdout) throw new Error("a child with a piped output has one");
    createInterface(child.stdout)
      .once("line", resolve)
      .once("close", () => resolve(null));
  });
}

/** The child speaks JSON; this process says the same in the words that were asked for. */
function readFailure(output: string): Error {
  const line = output.split("\n").findLast((candidate) => candidate.startsWith('{"error"'));
  if (line === undefined)
    return new Error(`Switchyard ended before it was ready: ${output.trim()}`);
  return fromErrorShape(z.object({ error: ErrorShape }).parse(JSON.parse(line)).error);
}

/** Found before anything is started, so that the other window's link does not end up in the log. */
function busy(home: string, pid: number): SwitchyardError {
  return new SwitchyardError(
    "data-folder-busy",
    `The data folder ${home} is held by a running Switchyard (process ${pid}).`,
    "Use that one, or give this one another folder with --home.",
  );
}
