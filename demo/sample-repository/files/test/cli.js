import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "../src/cli.js";
import { coastFile } from "./coast.js";

const file = fileURLToPath(coastFile);

test("prints a departure board", () => {
  assert.equal(run([file, "Aldermoor"]).split("\n").length, 2);
});

test("prints the trains between two stations", () => {
  assert.match(run([file, "Brackwater", "Eastry"]), /^09:00-09:45 {2}RE 7\n11:00-11:45 {2}RE 9$/);
});

test("says how it is used", () => {
  assert.throws(() => run([]), /usage/);
});
