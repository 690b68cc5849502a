import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { examineHooks } from "./examine-hooks.ts";

const provider = "../../provider/claude/";
const programOf = (file: string) => fileURLToPath(new URL(`${provider}${file}`, import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "hooks-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function check(own: { readonly shim?: string; readonly gateShim?: string }) {
  const findings = await examineHooks({
    node: { file: process.execPath, env: {} },
    shim: programOf("signal-shim.ts"),
    gateShim: programOf("gate/gate-shim.ts"),
    env: { PATH: process.env.PATH ?? "" },
    signal: new AbortController().signal,
    ...own,
  });
  return findings.map(({ name, result }) => `${name}: ${result}`);
}

function write(name: string, code: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, code);
  return file;
}

test("hooks that tell and a gate that stops a deliberate call are good", async () => {
  expect(await check({})).toEqual(["Hooks: good", "Gate: good"]);
});

test("a shim that tells nothing is bad", async () => {
  const mute = write("mute.cjs", "process.exit(0)");
  expect(await check({ shim: mute })).toEqual(["Hooks: bad", "Gate: good"]);
});

test("a gate that stops nothing, or everything, is bad", async () => {
  const open = write("open.cjs", "process.exit(0)");
  expect(await check({ gateShim: open })).toEqual(["Hooks: good", "Gate: bad"]);
  expect(await check({ gateShim: "/nowhere.cjs" })).toEqual(["Hooks: good", "Gate: bad"]);
});
