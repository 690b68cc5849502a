import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "../src/cli.js";
import { coastFile } from "./coast.js";

const file = fileURLToPath(coastFile);

test("shows a connection with a change", () => {
  assert.match(run([file, "Aldermoor", "Eastry"]), /^08:05-09:45 {2}IC 101 \+ RE 7$/m);
});

test("prints the direct trains as CSV", () => {
  assert.match(run([file, "Dunmere", "Eastry", "--csv"]), /^RE 7,Dunmere,Eastry,09:21,09:45$/m);
});
