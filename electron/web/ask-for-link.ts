import { appContract } from "../../shared/contract/app-contract.ts";
import { createClient } from "../../shared/contract/rpc.ts";
import { dataFolder, verifySocketFolder } from "../core/base/data-folder.ts";
import { connectSocket } from "../core/base/socket-wire.ts";

/** A fresh link from the running core. Null when that is a desktop app, or does not answer. */
export async function askForLink(home: string): Promise<string | null> {
  const folder = dataFolder(home);
  try {
    verifySocketFolder(folder);
    const client = createClient(appContract, await connectSocket(folder.coreSocket));
    try {
      return (await client.call("app.link", {})).url;
    } finally {
      client.close();
    }
  } catch {
    // Whoever asks has something to say without a link too.
    return null;
  }
}
