import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AppContract, appContract } from "../../../shared/contract/app-contract.ts";
import {
  type Client,
  createClient,
  type Handlers,
  serveWire,
} from "../../../shared/contract/rpc.ts";
import { createWirePair } from "../../../shared/contract/wire.ts";
import { type DataFolder, dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";

/** For tests only: a store in a data folder of its own, and a client of the calls that a test serves from it. */
export interface GatewayFixture extends Disposable {
  readonly folder: DataFolder;
  readonly clock: FakeClock;
  readonly store: Store;
  /** A client of these calls alone. */
  serve(handlers: Partial<Handlers<AppContract>>): Client<AppContract>;
}

export function createGatewayFixture(): GatewayFixture {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-gateway-")));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  const clock = fakeClock();
  const store = openStore({ folder, clock, mode: "write" });
  const opened = new DisposableStack();
  opened.defer(() => rmSync(home, { recursive: true, force: true }));
  opened.defer(() => store.close());
  return {
    folder,
    clock,
    store,
    serve(handlers) {
      const [near, far] = createWirePair();
      // Only these calls are made.
      serveWire(appContract, far, handlers as Handlers<AppContract>);
      const client = createClient(appContract, near);
      opened.defer(() => client.close());
      return client;
    },
    [Symbol.dispose]: () => opened.dispose(),
  };
}
