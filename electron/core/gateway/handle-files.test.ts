import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppContract, appContract } from "../../../shared/contract/app-contract.ts";
import {
  type Client,
  createClient,
  type Handlers,
  serveWire,
} from "../../../shared/contract/rpc.ts";
import { createWirePair } from "../../../shared/contract/wire.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProfile, sampleProject, sampleSession } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import type { FilePlace } from "./files/plan-editor.ts";
import { handleFiles } from "./handle-files.ts";

let home: string;
let store: Store;
let client: Client<AppContract>;
let session: SessionId;
let opened: FilePlace[];

beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), "switchyard-open-")));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  store = openStore({ folder, clock: fakeClock(), mode: "write" });
  session = store.write("test", () => {
    store.projects.insert(sampleProject());
    store.profiles.insert(sampleProfile(), {});
    return store.sessions.insert(sampleSession({ cwd: folder.logs })).id;
  });
  writeFileSync(path.join(folder.logs, "in.ts"), "");
  writeFileSync(path.join(home, "out.ts"), "");
  opened = [];
  const handlers = handleFiles({
    store,
    homeFolder: home,
    openEditor: async (place) => {
      opened.push(place);
      return "code";
    },
  });
  const [near, far] = createWirePair();
  // Only these calls are made.
  serveWire(appContract, far, handlers as Handlers<AppContract>);
  client = createClient(appContract, near);
});
afterEach(() => {
  client.close();
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const open = (name: string, isSure = false) =>
  client.call("session.open-file", { session, name, line: 4, column: null, isSure });

test("of the names a terminal shows, those that are files are told with where they lie", async () => {
  const names = ["in.ts", "nothing.ts", "../out.ts"];
  expect(await client.call("session.files", { session, names })).toEqual({
    files: [
      { name: "in.ts", place: path.join(home, "logs", "in.ts"), isInside: true },
      { name: "../out.ts", place: path.join(home, "out.ts"), isInside: false },
    ],
  });
});

test("a file is opened in the editor; one outside of the worktree only when that is wanted", async () => {
  expect(await open("in.ts")).toEqual({ editor: "code", place: path.join(home, "logs", "in.ts") });
  await expect(open("../out.ts")).rejects.toMatchObject({ code: "wrong-state" });
  await open("../out.ts", true);
  await expect(open("gone.ts")).rejects.toMatchObject({ code: "not-found" });
  expect(opened.map(({ file, line }) => [path.basename(file), line])).toEqual([
    ["in.ts", 4],
    ["out.ts", 4],
  ]);
});
