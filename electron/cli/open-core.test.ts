import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { dataFolder, prepareDataFolder } from "../core/base/data-folder.ts";
import { openCore } from "./open-core.ts";

test("a core that takes a connection and never answers is told as that, with the way out", async () => {
  const home = mkdtempSync(join(tmpdir(), "switchyard-open-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  mkdirSync(dirname(folder.coreSocket), { recursive: true, mode: 0o700 });
  // As one does that can open no further file: the system holds the connection, and nobody reads it.
  const server = createServer((socket) => socket.pause());
  server.listen(folder.coreSocket);
  await once(server, "listening");
  const startOffline = async () => {
    throw new Error("there is a core");
  };
  try {
    await expect(openCore(home, "store", startOffline, 50)).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("runs and has not answered"),
      hint: expect.stringContaining("ulimit -n"),
    });
  } finally {
    server.close();
    rmSync(home, { recursive: true, force: true });
  }
});
