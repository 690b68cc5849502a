import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { HOST_PROTOCOL } from "../../shared/contract/host-contract.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { dataFolder, prepareDataFolder, resolveHome } from "../core/base/data-folder.ts";
import { openLog } from "../core/base/log.ts";
import { ownIdentity } from "../core/base/process-identity.ts";
import { listenOnSocket } from "../core/base/socket-wire.ts";
import { VERSION } from "../core/base/version.ts";
import { writeFileDurably } from "../core/base/write-file-durably.ts";
import { HostServer } from "./host-server.ts";
import { SessionCgroup } from "./session-cgroup.ts";

/** Without a session and without a connection nobody needs this process: a core that is only restarting is back sooner. */
const IDLE_MS = 60_000;
/** How an ended session ended is kept for a core that comes back tomorrow, not for ever. */
const IDLE_WITH_RECORDS_MS = 24 * 3_600_000;

/** `main.ts --home DIR [--idle-ms N]`: owns the sessions' terminals of one data folder until it has none left. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { home: { type: "string" }, "idle-ms": { type: "string" } },
  });
  const folder = dataFolder(resolveHome({ home: values.home, env: process.env }));
  prepareDataFolder(folder);
  // The window or terminal that started this may close; sessions go on.
  process.on("SIGHUP", () => {});
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});

  const log = openLog(folder.logs, "host");
  const onFault = (error: unknown) => log.error({ error }, "The terminal host met a fault.");
  process.on("uncaughtException", onFault);
  process.on("unhandledRejection", onFault);

  const socket = folder.hostSocket(HOST_PROTOCOL);
  const idleMs = values["idle-ms"] === undefined ? IDLE_MS : Number(values["idle-ms"]);
  let idleTimer: NodeJS.Timeout | null = null;
  const watchIdle = (forMs = 0) => {
    clearTimeout(idleTimer ?? undefined);
    if (host.connections > 0 || host.liveSessions > 0) return;
    idleTimer = setTimeout(() => {
      // Nobody can come back for the records once the data folder is gone.
      const isKept = host.sessions > 0 && forMs < IDLE_WITH_RECORDS_MS && existsSync(socket);
      if (isKept) watchIdle(forMs + idleMs);
      else void end();
    }, idleMs);
  };
  const host = await HostServer.start({
    home: folder.home,
    sessionsFolder: folder.sessions,
    version: VERSION,
    onFault,
    onChange: () => watchIdle(),
    onShutdown: () => void setImmediate(() => void end()),
  });
  const listening = await listenOnSocket(socket, (wire) => host.connect(wire));
  // Before any core can have asked for anything: what an earlier host left when it was killed belongs to nobody.
  const left = SessionCgroup.listLeft(folder.home);
  for (const group of left) group.kill();
  const end = async () => {
    await listening[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    // Those just killed were still on their way out then.
    for (const group of left) group.dispose();
    log.info({}, "The terminal host ends: nothing is left to do.");
    process.exit(0);
  };
  writeFileDurably(
    folder.hostFile,
    JSON.stringify({ ...ownIdentity(), protocol: HOST_PROTOCOL, version: VERSION }),
  );
  log.info({ socket }, "The terminal host listens.");
  watchIdle();
}

main().catch((error: unknown) => {
  const known = error instanceof SwitchyardError ? error : null;
  process.stderr.write(`${known ? known.message : String(error)}\n${known?.hint ?? ""}\n`);
  process.exit(known?.code === "data-folder-busy" ? 3 : 1);
});
