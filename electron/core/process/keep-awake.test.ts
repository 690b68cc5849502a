import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive, startTicks } from "../base/process-identity.ts";
import { keepAwake } from "./keep-awake.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard awake "));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** In the place of systemd-inhibit: notes how it was called and by which pid it runs, and becomes what it was told to run. */
function writeInhibit(body = 'for last; do :; done; exec "$last"'): string {
  const file = join(folder, "systemd-inhibit");
  writeFileSync(
    file,
    `#!/bin/sh\necho "$$ $*" > "${folder}/called.part"\nmv "${folder}/called.part" "${folder}/called"\n${body}\n`,
  );
  chmodSync(file, 0o755);
  return [folder, "/usr/bin", "/bin"].join(delimiter);
}

async function readCall() {
  await expect.poll(() => existsSync(join(folder, "called"))).toBe(true);
  const [pid = "", ...args] = readFileSync(join(folder, "called"), "utf8").trim().split(" ");
  return { process: { pid: Number(pid), startTicks: startTicks(Number(pid)), bootId: null }, args };
}

const isLinux = process.platform === "linux";

test.runIf(isLinux)("idleness and sleep are inhibited until it is let go of", async () => {
  const hold = keepAwake({ PATH: writeInhibit() });
  const { process, args } = await readCall();
  expect(args.join(" ")).toContain("--what=idle:sleep --who=Switchyard");
  expect(isAlive(process)).toBe(true);
  await hold?.[Symbol.asyncDispose]();
  expect(isAlive(process)).toBe(false);
});

test.runIf(isLinux)("nothing is left of it when the core is killed", async () => {
  const script = `
    import { keepAwake } from ${JSON.stringify(join(import.meta.dirname, "keep-awake.ts"))};
    keepAwake({ PATH: ${JSON.stringify(writeInhibit())} });
    console.log("held");
    setInterval(() => {}, 1000);
  `;
  const core = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface(core.stdout), "line");
  const held = await readCall();
  expect(isAlive(held.process)).toBe(true);
  core.kill("SIGKILL");
  await once(core, "exit");
  await expect.poll(() => isAlive(held.process)).toBe(false);
});

test.runIf(isLinux)("a system that refuses is told of", async () => {
  const hold = keepAwake({ PATH: writeInhibit("exit 1") });
  expect(await hold?.lost).toBe("systemd-inhibit ended with 1");
});

test("where the system has no such program there is no hold", () => {
  expect(keepAwake({ PATH: folder })).toBeNull();
});
