import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { outliveFullDisk } from "../core/base/outlive-full-disk.ts";
import { VERSION } from "../core/base/version.ts";
import { locatePrograms } from "../core/gateway/locate-programs.ts";
import { type Core, startCore } from "../core/start-core.ts";
import { announce } from "./announce.ts";
import { offerFreshLinks } from "./offer-fresh-links.ts";
import { pointToHolder } from "./point-to-holder.ts";
import type { ServeOptions } from "./serve-options.ts";
import { startInBackground } from "./start-in-background.ts";
import { startWebShell } from "./start-web-shell.ts";

/**
 * `switchyard serve`: the core with the web shell in front of it, until somebody asks it to end; sessions go on.
 * Loaded by the command line. Answers with the exit code, and throws what could not be started.
 */
export async function serve(options: ServeOptions): Promise<number> {
  if (options.isDetached) return startInBackground(options);
  // Asked first: a stop that comes while the core starts is kept until it has.
  const stopAsked = waitForStop();
  const programs = locatePrograms(import.meta.dirname);
  outliveFullDisk((error) => process.stderr.write(`${error.message}\n`));
  let core: Core;
  try {
    core = await startCore({ home: options.home, shell: "web", version: VERSION, ...programs });
  } catch (error) {
    if (!(error instanceof SwitchyardError) || error.code !== "data-folder-busy") throw error;
    return pointToHolder(error, options);
  }

  for (const problem of core.settingsProblems) process.stderr.write(`${problem}\n`);
  try {
    await using shell = await startWebShell({
      connect: (wire) => core.connect(wire),
      rendererDir: programs.rendererDir,
      port: options.port,
    });
    core.setLinkMaker(() => shell.makeLink());
    const over = Promise.race([stopAsked, core.stopAsked]);
    // A program that waits for us goes on once work is handed out; a person may look on meanwhile.
    if (options.isJson) await Promise.race([core.recovered, over]);
    announce({ origin: shell.origin, makeLink: shell.makeLink, pid: process.pid }, options);
    using _links = offerFreshLinks(shell.makeLink, options);
    await Promise.race([over, core.recovered.then(() => over)]);
    return 0;
  } finally {
    await core.dispose();
  }
}

/** A second signal ends the process at once: whoever sends it does not want to wait. */
function waitForStop(): Promise<void> {
  return new Promise((resolve) => {
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const stop = () => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
