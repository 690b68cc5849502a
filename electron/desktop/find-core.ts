import type { Wire } from "../../shared/contract/wire.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { dataFolder, verifySocketFolder } from "../core/base/data-folder.ts";
import { connectSocket } from "../core/base/socket-wire.ts";
import { VERSION } from "../core/base/version.ts";
import type { Programs } from "../core/gateway/locate-programs.ts";
import { startCore } from "../core/start-core.ts";
import { blockSleep } from "./block-sleep.ts";
import { relayWires } from "./relay-wires.ts";

/** What windows are connected to. */
export interface WindowCore {
  connect(wire: Wire): void;
  /** Resolves when somebody asked the app to end. */
  readonly stopAsked: Promise<void>;
  /** Resolves when it knows what still runs; rejects with what keeps it from that. */
  readonly recovered: Promise<void>;
  dispose(): Promise<void>;
}

/** The core of the data folder: started here, or, when another process holds the folder, that one's, reached by its socket. */
export async function findCore(home: string, programs: Programs): Promise<WindowCore> {
  try {
    const keepAwake = blockSleep;
    return await startCore({ home, shell: "desktop", version: VERSION, keepAwake, ...programs });
  } catch (error) {
    if (!(error instanceof SwitchyardError) || error.code !== "data-folder-busy") throw error;
    return attachToRunning(home);
  }
}

/** The other core is not ours to end: disposal leaves it as it is. */
async function attachToRunning(home: string): Promise<WindowCore> {
  const folder = dataFolder(home);
  verifySocketFolder(folder);
  // Tried once here, so that a core that holds the folder and does not answer is told instead of shown as an empty window.
  (await connectSocket(folder.coreSocket)).close();
  return {
    connect(wire) {
      connectSocket(folder.coreSocket).then(
        (socket) => relayWires(wire, socket),
        () => wire.close(),
      );
    },
    // Who asks the other core to stop does not mean this window.
    stopAsked: new Promise(() => {}),
    recovered: Promise.resolve(),
    dispose: async () => {},
  };
}
