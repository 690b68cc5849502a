import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { sampleProfile, sampleProject, sampleSession } from "../store/sample-rows.ts";
import type { FilePlace } from "./files/plan-editor.ts";
import { createGatewayFixture, type GatewayFixture } from "./gateway-fixture.ts";
import { handleFiles } from "./handle-files.ts";

let fixture: GatewayFixture;
let home: string;
let client: Client<AppContract>;
let session: SessionId;
let opened: FilePlace[];

beforeEach(() => {
  fixture = createGatewayFixture();
  const { folder, store } = fixture;
  ({ home } = folder);
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
  client = fixture.serve(handlers);
});
afterEach(() => fixture[Symbol.dispose]());

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
