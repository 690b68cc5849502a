import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describePlace } from "./prepare-demo.mjs";

const folder = import.meta.dirname;

test("the demo says how it is used, and starts nothing for that", () => {
  const run = spawnSync(process.execPath, [join(folder, "demo.mjs"), "--help"], {
    encoding: "utf8",
  });
  expect([run.status, run.stderr]).toEqual([0, ""]);
  expect(run.stdout).toContain("npm run demo [-- --exit]");
});

test("the start does not wait for the script that waits for it", () => {
  expect(readFileSync(join(folder, "start.mjs"), "utf8")).not.toContain('import("./demo.mjs")');
  expect(readFileSync(join(folder, "prepare-demo.mjs"), "utf8")).not.toContain("/demo.mjs");
});

test("the demo names its data folder and a command that reaches it, and says that the person's own is not used", () => {
  const told = describePlace("/tmp/demo/data", {});
  expect(told.join("\n")).toContain('npm run switchyard -- --home "/tmp/demo/data" status');
  expect(told.join("\n")).not.toContain("SWITCHYARD_HOME");
  const own = describePlace("/tmp/demo/data", { SWITCHYARD_HOME: "/mine" });
  expect(own).toContain("SWITCHYARD_HOME (/mine) is not used and stays as it is.");
});
